internal import CVPX
internal import EncoderCore
internal import VideoTypes

extension VPXParameters {
    /// libvpx fails where memory is refused to it, but the C library may abort a thread that does not find any.
    func requireRoom() throws(EncoderError) {
        let (pixels, threads) = (config.size.width * config.size.height, Int(unsafe settings.g_threads))
        do throws(EncoderConfigError) {
            try CodecRoom.require(for: "libvpx", workers: threads, others: 1, bytes: 60 * pixels, rehearses: false)
        } catch {
            throw .config(error)
        }
    }
}
