internal import CFFmpeg
internal import VideoTypes

/// Repacks pictures into a format of Sluice's, by libswscale. Sole owner of one `SwsContext`.
@safe
struct PictureRepacker: ~Copyable {
    private var context: UnsafeMutablePointer<OpaquePointer?>

    init() {
        unsafe context = .allocate(capacity: 1)
        unsafe context.initialize(to: nil)
    }

    deinit {
        unsafe sws_freeContext(context.pointee)
        unsafe context.deallocate()
    }

    /// Gives a picture another format that loses nothing.
    mutating func repack(_ picture: borrowing Picture, as format: PixelFormat) throws(DecoderError) {
        let status = unsafe cffmpeg_reformat_picture(picture.pointer, format.avPixelFormat, context)
        try checkDecoding("repacking as \(format.rawValue)", status)
    }
}
