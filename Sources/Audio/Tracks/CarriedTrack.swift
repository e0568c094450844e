internal import Jobs
internal import LibAV

/// What was written of a track so far.
struct CarriedTrack: Sendable {
    var record: Receipt.AudioTrack
    /// All packets that follow are after the end of the video.
    var isOver = false
    /// Where the packets so far end, in samples.
    private(set) var end: Int64 = 0
    private let digest = OutputDigest()

    /// - Parameters:
    ///   - stream: The track as the container gets it.
    ///   - source: The codec that it is decoded from; `nil`, the default, for a copy.
    init(_ stream: AudioStream, from source: String? = nil) { record = Receipt.AudioTrack(stream, from: source) }

    mutating func count(_ packet: AudioPacket) {
        record.count(packet)
        unsafe digest.update(packet.data.span.bytes)
        end = max(end, packet.time + packet.duration)
    }

    /// The record with the digest of all bytes of packets; asked for once, at the end.
    var finished: Receipt.AudioTrack {
        var record = record
        record.sha256 = digest.finish() ?? record.sha256
        return record
    }
}

extension AudioStream {
    /// What messages call it.
    var shownName: String {
        let language = language.map { ", \($0)" } ?? ""
        return "audio (\(codec)\(language))"
    }
}
