package import Jobs
internal import LibAV
internal import Media
package import SystemPackage

/// The reading of an output's audio before it is renamed into place: every packet has to be there.
package struct AudioVerification {
    private let tracks: [Receipt.AudioTrack]

    /// - Parameter tracks: What was written, track by track, with digests.
    package init(_ tracks: [Receipt.AudioTrack]) { self.tracks = tracks }

    /// Throws if a track of a file does not have the bytes that were written.
    package func check(_ file: FilePath) throws(JobError) {
        guard !tracks.isEmpty else { return }
        let reader = try AudioFile(file, identity: nil)
        let count = reader.streams.count
        guard count == tracks.count else {
            throw .verification(.audio("\(tracks.count) tracks were written, but \(count) are in the output"))
        }
        let digests = tracks.map { _ in OutputDigest() }
        var packets = tracks.map { _ in 0 }
        while let packet = try reader.next(of: Set(tracks.indices)) {
            packets[packet.stream] += 1
            unsafe digests[packet.stream].update(packet.data.span.bytes)
        }
        for (number, track) in tracks.enumerated() {
            // Matroska stores WavPack without the headers of its blocks, which libavformat makes anew, and not all alike.
            let isKept = track.codec != "wavpack"
            guard isKept ? digests[number].finish() != track.sha256 : packets[number] != track.packets else { continue }
            throw .verification(.audio("audio track \(number + 1) (\(track.codec)) has other bytes than were written"))
        }
    }
}
