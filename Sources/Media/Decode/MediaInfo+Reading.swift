internal import Encoders
package import Ingest
package import Jobs
internal import VideoTypes

extension MediaInfo {
    /// What is known of a file before its first picture is decoded.
    ///
    /// - Parameters:
    ///   - origin: The file.
    ///   - options: What is known of it beforehand.
    /// - Throws: ``Jobs/JobError`` if it cannot be opened, or what it holds cannot be read.
    @available(*, noasync, message: "blocks the calling thread")
    package static func read(_ origin: ByteSource.Origin, _ options: MediaOptions) throws(JobError) -> MediaInfo {
        let opened = try OpenedMedia(origin, options, Interrupt())
        if opened.head.isPictures { return try PictureDecoding.firstInfo(origin, options) }
        guard opened.head.codec != nil else {
            try opened.check(options)
            return MediaInfo(opened)
        }
        return try MediaReader(opened, options, .silent).info
    }
}
