internal import DequeModule
internal import Ingest
package import Jobs
package import LibAV
internal import Threading

/// The audio of an input that can be read only once: its packets wait here until the video has come as far.
///
/// The reader must not wait for room: the video whose arrival makes room comes through the same reader.
///
/// Thread-safety: all methods may be called from any thread.
package final class AudioIntake: AudioPackets, Sendable {
    /// Bytes that may wait: 64 MiB, with the overhead of each packet.
    package static let maxBytes = 64 << 20
    private static let packetCost = 128

    private struct State {
        var streams: [AudioStream] = []
        var packets = Deque<AudioPacket>()
        var bytes = 0
        var hasOverflowed = false
        /// How far each stream has been read, in samples; `nil` before the first packet.
        var read: [Int64?] = []
    }

    private let state = Monitor(State())
    private let name: String

    package init(name: String) { self.name = name }

    /// The streams, once the container has been opened.
    package var streams: [AudioStream] { state.withLock { $0.streams } }

    package func describe(_ streams: [AudioStream]) {
        state.withLock { state in
            state.streams = streams
            state.read = streams.map { _ in nil }
        }
    }

    package var mayGrow: Bool { true }

    /// Takes a packet. From the first one that does not fit, all are dropped, and ``next(of:)`` reports this.
    package func add(_ packet: AudioPacket) {
        state.withLock { state in
            state.bytes += packet.data.count + Self.packetCost
            state.hasOverflowed = state.hasOverflowed || state.bytes > Self.maxBytes
            state.read[packet.stream] = packet.time + packet.duration
            if state.hasOverflowed { state.packets.removeAll() } else { state.packets.append(packet) }
        }
    }

    /// Whether a stream may have more that begins before a time, in microseconds of the input.
    package func isBehind(_ time: Int64) -> Bool {
        state.withLock { state in
            guard !state.hasOverflowed else { return false }
            return zip(state.streams, state.read).contains { stream, read in
                read.map { stream.microseconds($0) < time } ?? true
            }
        }
    }

    package func next(of streams: Set<Int>) throws(JobError) -> AudioPacket? {
        let (packet, hasOverflowed) = state.withLock { state -> (AudioPacket?, Bool) in
            let first = state.packets.firstIndex { streams.contains($0.stream) }
            let packet = first.map { state.packets.remove(at: $0) }
            if let packet { state.bytes -= packet.data.count + Self.packetCost }
            return (packet, state.hasOverflowed)
        }
        guard hasOverflowed else { return packet }
        let reason = "more than \(Self.maxBytes >> 20) MiB of audio come before the matching pictures"
        throw .input(.unsupported(name: name, reason: "\(reason) (use a file instead of a pipe)"))
    }
}
