internal import CFFmpeg
internal import VideoTypes

/// Reads only the packets of all audio streams of a container.
///
/// Thread-safety: used by one thread at a time.
@safe
package struct AudioDemuxer: ~Copyable {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let io: DemuxerIO
    private var packet: Packet
    private var tracks: AudioTracks
    private var clock: JoinedClock

    /// Opens a container.
    ///
    /// - Parameter input: The bytes, at their beginning.
    package init(_ input: any DemuxerInput) throws(DemuxerError) {
        let packet = try Packet(orThrow: DemuxerError.outOfMemory("av_packet_alloc"))
        let io = try DemuxerIO(input)
        let context = try unsafe Demuxer.open(io, withAudio: true)
        do throws(DemuxerError) {
            tracks = try unsafe AudioTracks(context)
        } catch {
            var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
            unsafe avformat_close_input(&context)
            throw error
        }
        clock = unsafe JoinedClock(context)
        // If a clock may restart, the first packet of any stream shows by how much it is off.
        if !clock.isPossible { unsafe Demuxer.discard(context) { [tracks] in !tracks.contain($0) } }
        self.io = io
        self.packet = packet
        unsafe self.context = context
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
        unsafe avformat_close_input(&context)
    }

    /// The streams, in the container's order.
    package var streams: [AudioStream] { tracks.streams }

    /// Microseconds at which the first of all streams begins; 0 if the container does not tell, or if only samples that prime a
    /// decoder are before 0.
    package var startTime: Int64 {
        let start = unsafe context.pointee.start_time
        return MediaTime.bounds.contains(start) ? max(0, start) : 0
    }

    /// The next packet of any of the streams, in the container's order; `nil` after the last.
    package mutating func next() throws(DemuxerError) -> AudioPacket? {
        while true {
            guard let messages = try unsafe Demuxer.read(packet, of: context, io) else {
                try tracks.checkEnd()
                return nil
            }
            unsafe clock.adjust(packet.pointer, in: context)
            guard let audio = try unsafe tracks.packet(packet.pointer) else { continue }
            if let message = messages.errors.first { throw .damaged(message) }
            return audio
        }
    }
}
