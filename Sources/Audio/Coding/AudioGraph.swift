internal import CFFmpeg
internal import LibAV

/// A chain of libavfilter that makes an encoder's frames of decoded samples: its rate by libswresample, its channels, its format,
/// and as many samples as it takes at a time.
///
/// Thread-safety: used by one thread at a time.
@safe
struct AudioGraph: ~Copyable, @unchecked Sendable {
    // @unchecked: one owner at a time is what ~Copyable means.
    private let memory: FilterGraphMemory
    private let source: UnsafeMutablePointer<AVFilterContext>
    private let sink: UnsafeMutablePointer<AVFilterContext>

    /// A chain.
    ///
    /// - Parameters:
    ///   - example: Samples like those that will come.
    ///   - encoder: What takes them.
    init(_ example: borrowing AudioFrame, for encoder: borrowing AudioEncoder) throws(AudioCodingError) {
        let memory: FilterGraphMemory
        do throws(FilterError) { memory = try FilterGraphMemory(threads: 1) } catch { throw .unsupported("\(error)") }
        var (input, output) = ([CChar](repeating: 0, count: 512), [CChar](repeating: 0, count: 512))
        guard unsafe cffmpeg_describe_samples(example.pointer, &input, input.count) >= 0,
            unsafe cffmpeg_describe_input(encoder.context, &output, output.count) >= 0
        else { throw .unsupported("its channels have no layout with a name") }
        let rows: [(kind: String, options: [CChar]?)] = [
            ("abuffer", input), ("aresample", Array("\(encoder.sampleRate)".utf8CString)), ("aformat", output),
            ("asetnsamples", Array("n=\(encoder.frameSize):p=0".utf8CString)), ("abuffersink", nil),
        ]
        var messages = LibAVLog.Messages()
        var (functions, graph) = unsafe (memory.functions, memory.pointer)
        let made: [UnsafeMutablePointer<AVFilterContext>]? = unsafe LibAVLog.listening(.audio, to: &messages) {
            var filters: [UnsafeMutablePointer<AVFilterContext>] = unsafe []
            for row in rows {
                guard let filter = unsafe cffmpeg_make_filter(&functions, graph, row.kind, row.kind, row.options) else {
                    return nil
                }
                let status = unsafe filters.last.map { unsafe functions.link($0, 0, filter, 0) } ?? 0
                guard status >= 0 else { return nil }
                unsafe filters.append(filter)
            }
            return unsafe functions.configure(graph, nil) >= 0 ? filters : nil
        }
        guard let filters = unsafe made, let first = unsafe filters.first, let last = unsafe filters.last else {
            throw .unsupported("libavfilter cannot convert it: \(messages.reason ?? "it gives no reason")")
        }
        unsafe (source, sink) = (first, last)
        self.memory = memory
    }

    /// Gives it samples, which it takes away; a frame without any after the last.
    func send(_ frame: borrowing AudioFrame) throws(AudioCodingError) {
        try check(unsafe memory.functions.send(source, frame.pointer, 0))
    }

    /// No more samples follow.
    func finish() throws(AudioCodingError) { try check(unsafe memory.functions.send(source, nil, 0)) }

    /// Takes the next frame for the encoder.
    ///
    /// - Returns: Whether there was one.
    func receive(into frame: borrowing AudioFrame) throws(AudioCodingError) -> Bool {
        unsafe av_frame_unref(frame.pointer)
        let status = unsafe memory.functions.receive(sink, frame.pointer)
        guard status != cffmpeg_error_again, status != cffmpeg_error_end else { return false }
        try check(status)
        return true
    }

    private func check(_ status: CInt) throws(AudioCodingError) {
        guard status < 0 else { return }
        guard status != cffmpeg_error_out_of_memory else { throw .outOfMemory }
        throw .unsupported("converting audio: \(libAVMessage(status))")
    }
}
