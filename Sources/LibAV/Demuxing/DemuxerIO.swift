internal import Bitstream
internal import CFFmpeg

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Sole owner of the `AVIOContext` through which libavformat reads an input.
@safe
final class DemuxerIO {
    let pointer: UnsafeMutablePointer<AVIOContext>
    private let input: any DemuxerInput
    /// libavformat is told that the bytes end, where it would read more than it can go back over. The default is that it is not.
    var endsForNow = false
    /// What has been read of a pipe, as long as it may be read again.
    private var memory: PipeMemory?
    /// Bytes can be read in any order.
    var isSeekable: Bool { input.length != nil }
    /// Reading failed.
    private(set) var hasFailed = false
    /// The counters of a transport stream, as far as it has been read.
    private var counters = TransportCounters()
    private var tags = FLVTags()
    private var nut = NUTEnd()
    private var formatEnd = FormatEnd()
    /// Nothing follows what has been read.
    private var isAtEnd = false
    /// The log messages about the first incomplete packet, by its counters and by its length: a parser that splits packets
    /// loses their mark, and the packets of a short file are all read before the first is requested.
    private var (marked, cut): (String?, String?) = (nil, nil)
    /// An error in what was read to find out what the streams are.
    private(set) var damage: String?

    init(_ input: any DemuxerInput) throws(DemuxerError) {
        self.input = input
        memory = input.length == nil ? PipeMemory() : nil
        // The object's address is known only after its initialization.
        guard let pointer = unsafe cffmpeg_input_alloc(nil, readFromInput, input.length == nil ? nil : seekInInput)
        else {
            throw .outOfMemory("avio_alloc_context")
        }
        unsafe self.pointer = pointer
        // SAFETY: the context is used only through this object, which frees it.
        unsafe pointer.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVIOContext>? = unsafe pointer
        unsafe cffmpeg_input_free(&pointer)
    }

    /// Whether libavformat goes back in a pipe, once the format is known. If it does, it is told for now that the bytes end: of a
    /// GIF, it counts the pictures first.
    ///
    /// - Parameter format: The first of libavformat's names of the format.
    func prepare(for format: String) {
        guard format == "gif", !isSeekable else { return memory = nil }
        unsafe pointer.pointee.seek = seekInInput
        endsForNow = true
    }

    /// libavformat reads the next packet, and nothing before it again.
    func beginPacket() {
        guard memory != nil else { return }
        memory?.forget(before: Int(clamping: unsafe avio_tell(pointer)))
    }

    func note(_ messages: LibAVLog.Messages) {
        marked = marked ?? messages.complaints.first { $0.contains("Packet corrupt") }
        cut = cut ?? messages.complaints.first { $0.contains("PES packet size mismatch") }
    }

    /// Notes errors of the demuxer in packets that it reads before the first of them is requested.
    func noteDamage(_ errors: [String]) { damage = damage ?? errors.first { !isOfPipe($0) } }

    /// Packets that libavformat marks as incomplete are those before a joint of complete transport streams.
    var areMarksOfJoints: Bool { !counters.isBroken && cut == nil }

    /// The tag of an FLV file in which its bytes end.
    var partialTag: (bytes: Int, length: Int)? { tags.partial }

    /// A NUT file that has been read to its end has its index there.
    ///
    /// - Parameter end: Where the last packet ended.
    func hasNUTIndex(after end: Int) -> Bool { nut.hasIndex(after: end) }

    /// What is missing at the end of a file that has been read to its end, by its format.
    func truncation(of format: String) -> String? { length.flatMap { formatEnd.truncation(of: format, length: $0) } }

    /// Whether a packet that ends at a place is not all in the file, by its format.
    func isCut(_ format: String, packetEnd: Int) -> Bool {
        length.map { formatEnd.isCut(format, packetEnd: packetEnd, length: $0) } ?? false
    }

    /// Whether a message is that of MXF about its index, which a pipe cannot be asked for: packets are found without it.
    func isOfPipe(_ message: String) -> Bool {
        input.length == nil && message.hasPrefix("unable to compute the size of the last packet")
    }

    /// The bytes of the input; `nil` for a pipe before its end.
    private var length: Int? { input.length ?? (isAtEnd ? input.position : nil) }

    var isScrambled: Bool { counters.isScrambled }

    /// The log message about the first incomplete packet.
    var corruption: String? { areMarksOfJoints ? nil : cut ?? marked }

    func read(into target: inout MutableRawSpan) -> CInt {
        guard !endsForNow else { return cffmpeg_error_end }
        if let count = memory?.read(into: &target), count > 0 { return CInt(count) }
        let position = input.position
        guard !hasFailed, let count = input.read(into: &target) else {
            hasFailed = true
            return cffmpeg_error_io
        }
        counters.take(target.bytes.extracting(0..<count), at: position)
        tags.take(target.bytes.extracting(0..<count), at: position)
        nut.take(target.bytes.extracting(0..<count), at: position)
        formatEnd.take(target.bytes.extracting(0..<count), at: position)
        memory?.keep(target.bytes.extracting(0..<count))
        if count == 0 { isAtEnd = true }
        return count == 0 ? cffmpeg_error_end : CInt(count)
    }

    func seek(_ offset: Int64, _ whence: CInt) -> Int64 {
        guard let length = input.length else {
            let isKept = whence & ~CInt(AVSEEK_FORCE) == SEEK_SET && memory?.seek(to: Int(clamping: offset)) == true
            return isKept ? offset : Int64(cffmpeg_error_invalid)
        }
        let base: Int
        switch whence & ~CInt(AVSEEK_FORCE) {
        case cffmpeg_seek_size: return Int64(length)
        case SEEK_SET: base = 0
        case SEEK_CUR: base = input.position
        case SEEK_END: base = length
        default: return Int64(cffmpeg_error_invalid)
        }
        let (target, isTooLarge) = Int64(base).addingReportingOverflow(offset)
        guard !isTooLarge, target >= 0 else { return Int64(cffmpeg_error_invalid) }
        input.seek(to: Int(target))
        return target
    }
}

// SAFETY: `opaque` is the DemuxerIO, which outlives its context, and the bytes are ours during the call.
private func readFromInput(_ opaque: UnsafeMutableRawPointer?, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: CInt)
    -> CInt
{
    guard let opaque = unsafe opaque, let bytes = unsafe bytes, count > 0 else { return cffmpeg_error_invalid }
    let io = unsafe Unmanaged<DemuxerIO>.fromOpaque(opaque).takeUnretainedValue()
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
    var target = unsafe buffer.mutableBytes
    return io.read(into: &target)
}

private func seekInInput(_ opaque: UnsafeMutableRawPointer?, _ offset: Int64, _ whence: CInt) -> Int64 {
    guard let opaque = unsafe opaque else { return Int64(cffmpeg_error_invalid) }
    return unsafe Unmanaged<DemuxerIO>.fromOpaque(opaque).takeUnretainedValue().seek(offset, whence)
}
