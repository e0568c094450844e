internal import Containers
internal import Ingest
internal import Jobs
internal import LibAV
internal import Media
internal import Muxing
internal import Threading

/// Tracks of audio whose packets are copied into a container.
///
/// Thread-safety: all methods may be called from any thread.
final class CopiedAudio: AudioPart {
    private struct State {
        var packets: any AudioPackets
        var cut: AudioCut
        /// Packets that were read before they are needed.
        var ahead: [AudioPacket] = []
        /// A packet with its new time that is not needed yet.
        var placed: AudioPacket?
        var carried: [CarriedTrack]
        var hasEnded = false
        var failure: JobError?
        var loss: JobError?
    }

    let streams: [AudioStream]
    /// The numbers of the streams at their source, and the track that each becomes.
    private let numbers: Set<Int>
    private let tracks: [Int: Int]
    private let acceptPartial: Bool
    private let end: AudioEnd
    private let offset: Int64
    private let state: Monitor<State>

    /// Some tracks of a source.
    ///
    /// - Parameters:
    ///   - packets: Where the packets come from.
    ///   - numbers: The numbers of the streams there, in the order of the tracks.
    ///   - streams: The streams, as the container gets them.
    ///   - offset: Microseconds to add to all times of the output to get those of the source.
    ///   - format: The container.
    ///   - acceptPartial: What is damaged ends the audio, and not the job.
    ///   - end: Where the audio ends.
    init(
        _ packets: sending any AudioPackets,
        _ numbers: [Int],
        as streams: [AudioStream],
        offset: Int64,
        in format: OutputFormat,
        acceptPartial: Bool,
        end: AudioEnd
    ) {
        (self.streams, self.numbers, self.acceptPartial, self.end) = (streams, Set(numbers), acceptPartial, end)
        self.offset = offset
        tracks = Dictionary(uniqueKeysWithValues: zip(numbers, streams.indices))
        let (cut, carried) = (AudioCut(streams, in: format), streams.map { CarriedTrack($0) })
        state = Monitor(State(packets: packets, cut: cut, carried: carried))
    }

    /// The output begins at a time of the input, in microseconds; if it is cut, with a frame, before which others were
    /// skipped.
    func begin(at time: Int64, isCut: Bool) { state.withLock { $0.cut.begin(at: time + offset, isCut: isCut) } }

    /// By how many microseconds the output must begin before a time of the input, so that no audio is cut off: as far as is
    /// known of the first packets, which are read for it.
    func lead(before time: Int64) -> Int64 {
        state.withLock { state in
            var lead: Int64 = 0
            var seen: Set<Int> = []
            while seen.count < streams.count, state.ahead.count < Self.firstPackets, let packet = read(&state) {
                state.ahead.append(packet)
                guard seen.insert(packet.stream).inserted else { continue }
                let stream = streams[packet.stream]
                let early = time - stream.microseconds(packet.time)
                lead = max(lead, early - state.cut.allowance(of: stream, beginningWith: packet))
            }
            return lead
        }
    }

    /// Packets that are read to find the first of each stream, at most.
    private static let firstPackets = 64

    /// What was carried so far, stream by stream.
    var carried: [Receipt.AudioTrack] { state.withLock { $0.carried.map(\.finished) } }

    /// Why it could not be read.
    var failure: JobError? { state.withLock { $0.failure } }

    /// The error that ended the audio, if that was accepted.
    var loss: JobError? { state.withLock { $0.loss } }

    func next(before time: Int64) -> AudioPacket? {
        state.withLock { state in
            guard let packet = nextKept(&state) else { return nil }
            guard streams[packet.stream].microseconds(packet.time) < time else {
                state.placed = packet
                return nil
            }
            state.carried[packet.stream].count(packet)
            return packet
        }
    }

    func next(behindVideoEndingAt videoEnd: Int64) -> AudioPacket? {
        let limit = end.limit(videoEnd: videoEnd)
        return state.withLock { state in
            while let packet = nextKept(&state) {
                let time = streams[packet.stream].microseconds(packet.time)
                guard time < limit else {
                    // What is a little longer is read on, to know whether it is more than that; others may have something left.
                    state.carried[packet.stream].isOver = time - limit > AudioEnd.unheard
                    state.hasEnded = state.hasEnded || state.carried.allSatisfy(\.isOver)
                    continue
                }
                state.carried[packet.stream].count(packet)
                return packet
            }
            return nil
        }
    }

    func notices(videoEnd: Int64) -> [String] {
        state.withLock { state in
            zip(streams, state.carried).compactMap { stream, track in
                let own = stream.microseconds(track.end)
                return end.notice(stream.shownName, end: own, isCut: track.isOver, videoEnd: videoEnd)
            }
        }
    }

    private func nextKept(_ state: inout State) -> AudioPacket? {
        if let packet = state.placed.take() { return packet }
        while let packet = nextRead(&state) {
            let placed = state.cut.placed(packet, of: streams[packet.stream])
            guard !state.cut.keeps(placed) else { return placed }
            state.carried[packet.stream].record.leftOut += 1
        }
        return nil
    }

    private func nextRead(_ state: inout State) -> AudioPacket? {
        if !state.ahead.isEmpty { return state.ahead.removeFirst() }
        return state.hasEnded ? nil : read(&state)
    }

    private func read(_ state: inout State) -> AudioPacket? {
        do throws(JobError) {
            guard var packet = try state.packets.next(of: numbers), let track = tracks[packet.stream] else {
                return nil
            }
            packet.stream = track
            return packet
        } catch {
            state.hasEnded = true
            if acceptPartial, case .input(.damaged) = error { state.loss = error } else { state.failure = error }
            return nil
        }
    }
}
