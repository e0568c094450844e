internal import CFFmpeg
internal import Logging
package import VideoTypes

/// Sole owner of one `AVFilterGraph`.
@safe
struct FilterGraphMemory: ~Copyable {
    let functions: cffmpeg_filters
    let pointer: UnsafeMutablePointer<AVFilterGraph>

    /// An empty graph.
    init(threads: Int?) throws(FilterError) {
        guard let functions = FilterLibrary.functions else { throw .missing(library: FilterLibrary.name) }
        guard let pointer = functions.allocate() else { throw .outOfMemory(bytes: 0) }
        unsafe pointer.pointee.nb_threads = CInt(clamping: threads ?? 0)
        unsafe (self.functions, self.pointer) = (functions, pointer)
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFilterGraph>? = unsafe pointer
        unsafe functions.release(&pointer)
    }
}

/// Sole owner of an `AVBufferPool`, which is made when it is first used.
@safe
struct FilterBuffers: ~Copyable {
    private var pool: OpaquePointer?

    deinit {
        var pool = unsafe pool
        unsafe av_buffer_pool_uninit(&pool)
    }

    /// Gives a frame memory of the pool, which gets it back when no filter needs it.
    mutating func fill(_ picture: borrowing Picture) -> CInt {
        unsafe cffmpeg_get_aligned_buffer(picture.pointer, &pool)
    }
}

/// A graph of libavfilter's, between one source of pictures and one sink.
///
/// Thread-safety: used by one thread at a time. libavfilter may use threads of its own.
@safe
package struct FilterGraph: ~Copyable, @unchecked Sendable {
    // @unchecked: one owner at a time is what ~Copyable means.
    private let memory: FilterGraphMemory
    private let source: UnsafeMutablePointer<AVFilterContext>
    private let sink: UnsafeMutablePointer<AVFilterContext>
    private let input: FilterInput
    private let picture: Picture
    private var buffers = FilterBuffers()
    private var hasEnded = false

    /// The constant rate of the pictures that come out; `nil` if they come at any time.
    package let framerate: FrameRate?

    /// Makes a graph.
    ///
    /// - Parameters:
    ///   - text: The graph, with one open input and one open output.
    ///   - input: The pictures that it is fed.
    ///   - threads: Threads that it may use; `nil` means as many as the machine has cores.
    /// - Throws: ``FilterError/missing(library:)``, ``FilterError/invalid(reason:)``.
    package init(_ text: String, input: FilterInput, threads: Int?) throws(FilterError) {
        let memory = try FilterGraphMemory(threads: threads)
        let example = try Picture.ofFilter(input)
        let picture = try Picture(orThrow: FilterError.outOfMemory(bytes: 0))
        var messages = LibAVLog.Messages()
        let (functions, graph, frame) = unsafe (memory.functions, memory.pointer, example.pointer)
        let made = unsafe LibAVLog.listening(.quiet, to: &messages) {
            unsafe FilterEnds(functions, graph, text, frame, input)
        }
        guard let ends = unsafe made else { throw .invalid(reason: messages.filterReason) }
        let rate = unsafe functions.frame_rate(ends.sink)
        framerate = rate.num > 0 && rate.den > 0 ? FrameRate(Int(rate.num), Int(rate.den)) : nil
        unsafe (source, sink) = (ends.source, ends.sink)
        self.memory = memory
        self.picture = picture
        self.input = input
    }

    /// Gives the graph a picture, which it copies.
    ///
    /// - Parameters:
    ///   - frame: The picture, in the input's layout.
    ///   - time: Its time in the input's clock.
    ///   - isInterlaced: It is of two fields.
    ///   - isTopFieldFirst: The field with the first row is the earlier one.
    package mutating func send(
        _ frame: borrowing VideoFrame,
        at time: Int64,
        isInterlaced: Bool = false,
        isTopFieldFirst: Bool = false
    ) throws(FilterError) {
        precondition(frame.layout.planes == input.layout.planes, "a graph's pictures are alike")
        let copy = try Picture.ofFilter(input)
        guard buffers.fill(copy) >= 0 else {
            throw .outOfMemory(bytes: input.layout.byteCount)
        }
        let layout = frame.layout
        frame.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe copy.fill(from: $0, layout) }
        }
        unsafe copy.pointer.pointee.pts = time
        unsafe cffmpeg_set_interlaced(copy.pointer, isInterlaced, isTopFieldFirst)
        try check { unsafe memory.functions.send(source, copy.pointer, 0) }
    }

    /// No more pictures follow: the graph gives out what it has.
    ///
    /// - Parameter end: When the last one ends, in the input's clock.
    package mutating func finish(at end: Int64) throws(FilterError) {
        try check { unsafe memory.functions.finish(source, end, 0) }
    }

    /// The next picture that comes out.
    ///
    /// - Returns: `nil` if the graph needs another picture, or has given out its last (``isFinished``).
    package mutating func receive() throws(FilterError) -> FilteredPicture? {
        guard !hasEnded else { return nil }
        unsafe av_frame_unref(picture.pointer)
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(.quiet, to: &messages) {
            unsafe memory.functions.receive(sink, picture.pointer)
        }
        switch status {
        case cffmpeg_error_again: return nil
        case cffmpeg_error_end:
            hasEnded = true
            return nil
        case 0...: return try taken()
        default: throw .failed(reason: messages.filterReason(status))
        }
    }

    /// More than a century, in microseconds.
    private static var latestTime: UInt64 { 1 << 52 }

    /// The last picture has come out.
    package var isFinished: Bool { hasEnded }

    private func taken() throws(FilterError) -> FilteredPicture {
        // What is copied, the graph gets back.
        defer { unsafe av_frame_unref(picture.pointer) }
        let base = unsafe memory.functions.time_base(sink)
        let time = unsafe picture.pointer.pointee.pts
        // AV_NOPTS_VALUE is a macro that Swift does not see.
        guard time != .min else { throw .failed(reason: "a picture came out without a time") }
        let timestamp = FilterClock.microseconds(time, base.den, base.num)
        // Some filters add to a time that they do not have.
        guard timestamp.magnitude <= Self.latestTime else {
            throw .failed(reason: "a picture came out at \(timestamp) µs")
        }
        return try FilteredPicture(
            picture,
            timestamp: timestamp,
            namesIdentity: input.namesIdentity
        )
    }

    private func check(_ call: () -> CInt) throws(FilterError) {
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(.quiet, to: &messages, call)
        guard status < 0 else { return }
        throw .failed(reason: messages.filterReason(status))
    }
}

extension Logger {
    /// Drops everything: a graph's messages are in its errors.
    fileprivate static var quiet: Logger { Logger(label: "sluice.filter") { _ in SwiftLogNoOpLogHandler() } }
}

extension LibAVLog.Messages {
    /// Why a graph is refused.
    fileprivate var filterReason: String {
        var lines: [String] = []
        for line in errors where !lines.contains(line) { lines.append(line) }
        let reason = lines.prefix(3).joined(separator: "; ")
        return reason.isEmpty ? last ?? "libavfilter gives no reason" : reason
    }

    /// Why a filter failed.
    fileprivate func filterReason(_ status: CInt) -> String {
        errors.isEmpty ? libAVMessage(status) : "\(filterReason) (\(libAVMessage(status)))"
    }
}
