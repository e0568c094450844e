internal import EncoderCore
internal import VideoTypes

extension X264Backend {
    /// libx264 fails where memory is refused to it, but the C library may abort a thread that does not find any.
    static func requireRoom(_ config: ValidatedEncoderConfig) throws(EncoderError) {
        let pixels = config.size.width * config.size.height
        do throws(EncoderConfigError) {
            try CodecRoom.require(
                for: "libx264",
                workers: config.values.threads,
                others: 2,
                bytes: 13 * pixels,
                rehearses: false
            )
        } catch {
            throw .config(error)
        }
    }
}
