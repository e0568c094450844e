internal import Bitstream
internal import CFFmpeg
internal import Containers

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The byte sink that libavformat's callbacks write to. It keeps the first error, for a callback can return only a number.
///
/// Thread-safety: used by one thread at a time.
final class SinkOutput {
    /// The sink, for as long as it is lent.
    private var sink: ByteSink?
    /// Name of the output in messages.
    let name: String
    /// Written bytes can be replaced.
    let isSeekable: Bool
    /// Length of the output so far.
    private(set) var byteCount: Int
    /// The first error, after which writing stops.
    private(set) var failure: SinkError?
    private var locator: any PayloadLocator
    /// The position of the next byte.
    private var position = 0
    /// The position of the next byte that libavformat reads of what it has written.
    private var readingPosition = 0
    /// The length of the output when libavformat began to move it; `nil` before.
    private var lengthBeforeShift: Int?
    /// By how many bytes libavformat has moved the chunks.
    var shifted: Int { lengthBeforeShift.map { byteCount - $0 } ?? 0 }
    /// What is changed in the header that libavformat writes.
    var patch: HeaderPatch?

    init(for sink: borrowing ByteSink, locator: any PayloadLocator) {
        (name, isSeekable, byteCount) = (sink.name, sink.isSeekable, sink.byteCount)
        self.locator = locator
    }

    /// Lends the sink to libavformat's callbacks while `body` runs; they come at no other time.
    func lend<Value>(_ lent: inout ByteSink, during body: () throws(SinkError) -> Value) throws(SinkError) -> Value {
        sink = consume lent
        let result: Result<Value, SinkError>
        do throws(SinkError) { result = .success(try body()) } catch { result = .failure(error) }
        guard let returned = sink.take() else { preconditionFailure("the sink was lent, and nobody else takes it") }
        lent = returned
        return try result.get()
    }

    func expect(byteCount: Int) { locator.expect(byteCount: byteCount) }

    func passOver(byteCount: Int) { locator.passOver(byteCount: byteCount) }

    /// Where chunks are that were not known before.
    func takeLocated() throws(SinkError) -> [Range<Int>] {
        guard let located = locator.takeLocated() else {
            throw .refused(name: name, reason: "libavformat changed the bytes of a chunk")
        }
        return located
    }

    /// Throws unless all chunks were found.
    func checkComplete() throws(SinkError) {
        guard locator.isComplete else { throw .refused(name: name, reason: "libavformat dropped chunks") }
    }

    /// What a parser makes of a chunk; what it cannot read cannot be written.
    func reading<Value>(_ parse: () throws(BitstreamError) -> Value) throws(SinkError) -> Value {
        do throws(BitstreamError) { return try parse() } catch { throw .refused(name: name, reason: "\(error)") }
    }

    /// Writes at the position. Returns the number of bytes, or an AVERROR.
    func write(_ bytes: RawSpan) -> CInt {
        guard let patched = patch?.apply(to: bytes, at: position) else { return writeUnchanged(bytes) }
        return unsafe patched.withUnsafeBytes { unsafe writeUnchanged($0.bytes) }
    }

    private func writeUnchanged(_ bytes: RawSpan) -> CInt {
        guard failure == nil, sink != nil else { return cffmpeg_error_io }
        do throws(SinkError) {
            let end = byteCount
            if position < end { try sink?.write(bytes, at: position) } else { try sink?.write(bytes) }
            // What is moved has been seen already.
            if lengthBeforeShift == nil {
                locator.append(bytes.extracting(droppingFirst: min(bytes.byteCount, end - position)))
            }
            position += bytes.byteCount
            byteCount = max(byteCount, position)
            return CInt(bytes.byteCount)
        } catch {
            failure = error
            return cffmpeg_error_io
        }
    }

    /// From here on libavformat reads what it has written, to write it elsewhere.
    func beginShift() {
        lengthBeforeShift = lengthBeforeShift ?? byteCount
        readingPosition = 0
    }

    /// Reads from the position for that. Returns the number of bytes, or an AVERROR.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> CInt {
        guard failure == nil else { return cffmpeg_error_io }
        do throws(SinkError) {
            guard let count = unsafe try sink?.read(into: buffer, at: readingPosition) else { return cffmpeg_error_io }
            readingPosition += count
            return count == 0 ? cffmpeg_error_end : CInt(count)
        } catch {
            failure = error
            return cffmpeg_error_io
        }
    }

    /// Moves the position of reading, and returns it, or the length of the output on request, or an AVERROR.
    func seekReading(_ offset: Int64, _ whence: CInt) -> Int64 { seek(offset, whence, &readingPosition) }

    /// Moves the position. Returns the new position, or the length of the output on request, or an AVERROR.
    func seek(_ offset: Int64, _ whence: CInt) -> Int64 { seek(offset, whence, &position) }

    private func seek(_ offset: Int64, _ whence: CInt, _ position: inout Int) -> Int64 {
        let target: Int64
        switch whence & ~CInt(AVSEEK_FORCE) {
        case cffmpeg_seek_size: return Int64(byteCount)
        case SEEK_SET: target = offset
        case SEEK_CUR: target = Int64(position) + offset
        case SEEK_END: target = Int64(byteCount) + offset
        default: return Int64(cffmpeg_error_invalid)
        }
        // A gap would have bytes that were never written.
        guard (0...Int64(byteCount)).contains(target) else { return Int64(cffmpeg_error_invalid) }
        position = Int(target)
        return target
    }
}
