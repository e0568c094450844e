internal import Containers
internal import Ingest
package import Jobs
package import LibAV
internal import Media
internal import Muxing
internal import Threading

/// Audio that is copied from a media input into a container.
///
/// Thread-safety: all methods may be called from any thread.
package final class AudioCarriage: AudioSource {
    private struct State {
        var packets: any AudioPackets
        var cut: AudioCut
        /// Packets that were read before they are needed.
        var ahead: [AudioPacket] = []
        /// A packet with its new time that is not needed yet.
        var placed: AudioPacket?
        var carried: [Receipt.AudioTrack]
        var hasEnded = false
        var failure: JobError?
        var loss: JobError?
    }

    package let streams: [AudioStream]
    private let intake: AudioIntake?
    private let acceptPartial: Bool
    private let isVideoCut: @Sendable () -> Bool
    private let state: Monitor<State>

    /// Audio of a file.
    convenience init(
        _ file: sending AudioFile,
        in format: OutputFormat,
        acceptPartial: Bool,
        isVideoCut: @escaping @Sendable () -> Bool
    ) {
        self.init(file, file.streams, nil, format, acceptPartial, isVideoCut)
    }

    /// Audio that is read with the video.
    ///
    /// - Parameters:
    ///   - intake: Where its packets wait.
    ///   - format: The container.
    ///   - acceptPartial: What is damaged ends the audio, and not the job.
    ///   - isVideoCut: Whether the video ends before its input does; asked when it has ended.
    convenience init(
        _ intake: AudioIntake,
        in format: OutputFormat,
        acceptPartial: Bool,
        isVideoCut: @escaping @Sendable () -> Bool
    ) {
        self.init(intake, intake.streams, intake, format, acceptPartial, isVideoCut)
    }

    private init(
        _ packets: sending any AudioPackets,
        _ streams: [AudioStream],
        _ intake: AudioIntake?,
        _ format: OutputFormat,
        _ acceptPartial: Bool,
        _ isVideoCut: @escaping @Sendable () -> Bool
    ) {
        (self.streams, self.intake) = (streams, intake)
        (self.acceptPartial, self.isVideoCut) = (acceptPartial, isVideoCut)
        let (cut, carried) = (AudioCut(streams, in: format), streams.map(Receipt.AudioTrack.init(_:)))
        state = Monitor(State(packets: packets, cut: cut, carried: carried))
    }

    /// The output begins at a time of the input, in microseconds; if it is cut, with a frame, before which others were
    /// skipped.
    package func begin(at time: Int64, isCut: Bool) { state.withLock { $0.cut.begin(at: time, isCut: isCut) } }

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
    var carried: [Receipt.AudioTrack] { state.withLock { $0.carried } }

    /// Why it could not be read.
    package var failure: JobError? { state.withLock { $0.failure } }

    /// The error that ended the audio, if that was accepted.
    package var loss: JobError? { state.withLock { $0.loss } }

    package var hasFailed: Bool { failure != nil }

    /// Whether more input has to be read for the audio before a time, in microseconds of the input.
    func isBehind(_ time: Int64) -> Bool { intake?.isBehind(time) ?? false }

    package func next(before time: Int64) -> AudioPacket? {
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

    package func next(behindVideoEndingAt end: Int64) -> AudioPacket? {
        guard isVideoCut() else { return next(before: .max) }
        return state.withLock { state in
            while let packet = nextKept(&state) {
                guard streams[packet.stream].microseconds(packet.time) < end else {
                    // The other streams may have something left.
                    state.carried[packet.stream].isOver = true
                    state.hasEnded = state.hasEnded || state.carried.allSatisfy(\.isOver)
                    continue
                }
                state.carried[packet.stream].count(packet)
                return packet
            }
            return nil
        }
    }

    private func nextKept(_ state: inout State) -> AudioPacket? {
        if let packet = state.placed.take() { return packet }
        while let packet = nextRead(&state) {
            let placed = state.cut.placed(packet, of: streams[packet.stream])
            guard !state.cut.keeps(placed) else { return placed }
            state.carried[packet.stream].leftOut += 1
        }
        return nil
    }

    private func nextRead(_ state: inout State) -> AudioPacket? {
        if !state.ahead.isEmpty { return state.ahead.removeFirst() }
        return state.hasEnded ? nil : read(&state)
    }

    private func read(_ state: inout State) -> AudioPacket? {
        do throws(JobError) {
            return try state.packets.next()
        } catch {
            state.hasEnded = true
            if acceptPartial, case .input(.damaged) = error { state.loss = error } else { state.failure = error }
            return nil
        }
    }
}
