internal import CFFmpeg

// libavformat reads what it has written where it moves it, to put an index in front.
extension Muxer {
    /// Lets libavformat read the output, and open nothing else.
    ///
    /// SAFETY: the muxer holds the output as long as the callbacks can come.
    static func letRead(_ output: SinkOutput, _ context: UnsafeMutablePointer<AVFormatContext>) {
        unsafe context.pointee.opaque = Unmanaged.passUnretained(output).toOpaque()
        unsafe context.pointee.io_open = openForReading
        unsafe context.pointee.io_close2 = closeReading
    }
}

// SAFETY: `opaque` is the output that Muxer has set; the rest is libavformat's during the calls.
private func openForReading(
    _ context: UnsafeMutablePointer<AVFormatContext>?,
    _ opened: UnsafeMutablePointer<UnsafeMutablePointer<AVIOContext>?>?,
    _ url: UnsafePointer<CChar>?,
    _ flags: CInt,
    _ options: UnsafeMutablePointer<OpaquePointer?>?
) -> CInt {
    guard flags & AVIO_FLAG_WRITE == 0, let opaque = unsafe context?.pointee.opaque, let opened = unsafe opened else {
        return cffmpeg_error_invalid
    }
    unsafe Unmanaged<SinkOutput>.fromOpaque(opaque).takeUnretainedValue().beginShift()
    unsafe opened.pointee = cffmpeg_input_alloc(opaque, readFromSink, seekReadingInSink)
    return unsafe opened.pointee == nil ? cffmpeg_error_out_of_memory : 0
}

private func closeReading(
    _ context: UnsafeMutablePointer<AVFormatContext>?,
    _ input: UnsafeMutablePointer<AVIOContext>?
) -> CInt {
    var input = unsafe input
    unsafe cffmpeg_input_free(&input)
    return 0
}

private func readFromSink(_ opaque: UnsafeMutableRawPointer?, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: CInt)
    -> CInt
{
    guard let opaque = unsafe opaque, let bytes = unsafe bytes else { return cffmpeg_error_invalid }
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
    return unsafe Unmanaged<SinkOutput>.fromOpaque(opaque).takeUnretainedValue().read(into: buffer)
}

private func seekReadingInSink(_ opaque: UnsafeMutableRawPointer?, _ offset: Int64, _ whence: CInt) -> Int64 {
    guard let opaque = unsafe opaque else { return Int64(cffmpeg_error_invalid) }
    return unsafe Unmanaged<SinkOutput>.fromOpaque(opaque).takeUnretainedValue().seekReading(offset, whence)
}
