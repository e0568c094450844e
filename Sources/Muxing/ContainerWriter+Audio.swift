internal import Containers
internal import LibAV
internal import VideoTypes

// Audio between the chunks: each packet is before the first chunk that is decoded at its time or later.
extension ContainerWriter {
    /// Bytes that may be held back until all streams have begun: 64 MiB.
    static var heldLimit: Int { 64 << 20 }

    func writeAudio(before time: Int64) throws(SinkError) {
        try writeAudio { $0.next(before: time) }
    }

    func writeAudio(_ next: (any AudioSource) -> AudioPacket?) throws(SinkError) {
        guard let audio else { return }
        let streams = audio.streams
        while let packet = next(audio) {
            try muxer.write(packet, of: streams[packet.stream])
            handed += packet.data.count
        }
        guard !audio.hasFailed else { throw .refused(name: output.name, reason: "its audio cannot be read") }
    }

    /// Throws if a stream begins so late that more than is allowed would have to wait for it.
    func checkHeld() throws(SinkError) {
        guard let heldLimit, handed - output.byteCount > heldLimit else { return }
        throw .refused(
            name: output.name,
            reason: "more than \(heldLimit >> 20) MiB of fragments wait for a stream of audio to begin"
                + " (use MP4 in a file without \(Setting.fragment), or MKV)"
        )
    }
}
