internal import Containers
internal import Jobs
internal import VideoTypes

/// Where the audio of an output ends, and what is said of it.
struct AudioEnd: Sendable {
    let length: AudioOptions.Length
    /// Whether the video ends before its input does; asked when it has ended.
    let isVideoCut: @Sendable () -> Bool
    /// A shortage that nobody hears, in microseconds: less than a packet or a frame usually has.
    static let unheard: Int64 = 100_000

    /// The time behind which nothing is written, in microseconds of the output.
    ///
    /// - Parameter videoEnd: Where the last frame ends.
    func limit(videoEnd: Int64) -> Int64 { length == .frames || isVideoCut() ? videoEnd : .max }

    /// What is said of a track, if it needs to be.
    ///
    /// - Parameters:
    ///   - name: What the track is called.
    ///   - end: Where it ends, in microseconds of the output.
    ///   - isCut: It would sound longer.
    ///   - videoEnd: Where the last frame ends.
    func notice(_ name: String, end: Int64, isCut: Bool, videoEnd: Int64) -> String? {
        // Who asks for a part of the frames gets that of the audio.
        guard !isVideoCut() else { return nil }
        if isCut { return "\(name) is longer than the pictures, and is cut at the end of the last frame" }
        guard videoEnd - end > Self.unheard else { return nil }
        let short = Quantity.decimals(Double(videoEnd - end) / 1_000_000, 3)
        return "\(name) is shorter than the pictures: it ends \(short) s before the last frame does"
    }
}
