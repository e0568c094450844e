internal import Containers
internal import Ingest
internal import Jobs
internal import LibAV
internal import Media
internal import Threading
internal import VideoTypes

/// A track of audio that is decoded, converted and encoded, so that its first sample is at the beginning of the output: silence
/// comes before audio that begins later, and where some is missing.
///
/// Samples are given to the encoder no further than the pictures have come, so that the track can end with the last of them.
///
/// Thread-safety: all methods may be called from any thread.
final class EncodedAudio: AudioPart {
    private struct State {
        var chain: AudioChain
        var timeline: SampleTimeline
        var ready: [AudioPacket] = []
        var carried: CarriedTrack
        var hasEnded = false
        var failure: JobError?
        var loss: JobError?
    }

    let streams: [AudioStream]
    private let source: AudioStream
    private let name: String
    private let acceptPartial: Bool
    private let end: AudioEnd
    private let offset: Int64
    private let state: Monitor<State>

    /// A track.
    ///
    /// - Parameters:
    ///   - packets: Where the packets come from.
    ///   - number: The number of the stream there.
    ///   - source: The stream, with the words that the output gets.
    ///   - name: What the source is called.
    ///   - codec: What it is encoded in.
    ///   - bitrate: Bits a second; `nil` is the codec's usual rate.
    ///   - offset: Microseconds to add to all times of the output to get those of the source.
    ///   - acceptPartial: What is damaged ends the audio, and not the job.
    ///   - end: Where the audio ends.
    init(
        _ packets: sending any AudioPackets,
        _ number: Int,
        _ source: AudioStream,
        of name: String,
        as codec: AudioCodecRow,
        bitrate: Int?,
        offset: Int64,
        acceptPartial: Bool,
        end: AudioEnd
    ) throws(JobError) {
        (self.source, self.name, self.acceptPartial, self.end) = (source, name, acceptPartial, end)
        self.offset = offset
        do throws(AudioCodingError) {
            let decoder = try AudioDecoder(source)
            let encoder = try AudioEncoder(codec, bitrate: bitrate, for: source, decoder.sampleFormat)
            let stream = try encoder.stream(from: source)
            let chain = try AudioChain(packets, number, decoder, encoder)
            streams = [stream]
            state = Monitor(
                State(
                    chain: chain,
                    timeline: SampleTimeline(rate: source.sampleRate),
                    carried: CarriedTrack(stream, from: source.codec)
                )
            )
        } catch {
            throw Self.jobError(error, source, name)
        }
    }

    func begin(at time: Int64, isCut: Bool) { state.withLock { $0.timeline.begin(at: source.samples(time + offset)) } }

    func lead(before time: Int64) -> Int64 { 0 }

    var carried: [Receipt.AudioTrack] { state.withLock { [$0.carried.finished] } }
    var failure: JobError? { state.withLock { $0.failure } }
    var loss: JobError? { state.withLock { $0.loss } }

    func next(before time: Int64) -> AudioPacket? {
        state.withLock { state in
            let limit = streams[0].samples(time)
            if state.ready.isEmpty { pump(&state, until: source.samples(time)) }
            guard let first = state.ready.first, first.time < limit else { return nil }
            return take(&state)
        }
    }

    func next(behindVideoEndingAt videoEnd: Int64) -> AudioPacket? {
        let limit = end.limit(videoEnd: videoEnd)
        return state.withLock { state in
            if state.ready.isEmpty { pump(&state, until: limit == .max ? .max : source.samples(limit), isLast: true) }
            return state.ready.isEmpty ? nil : take(&state)
        }
    }

    private func take(_ state: inout State) -> AudioPacket {
        let packet = state.ready.removeFirst()
        state.carried.count(packet)
        return packet
    }

    /// Goes on until packets are ready, or all samples before a time are with the encoder.
    private func pump(_ state: inout State, until limit: Int64, isLast: Bool = false) {
        do throws(JobError) {
            while state.ready.isEmpty, try step(&state, until: limit, isLast: isLast) { try collect(&state) }
            guard isLast, state.ready.isEmpty, !state.hasEnded else { return }
            state.hasEnded = true
            do throws(AudioCodingError) { try state.chain.finish() } catch { throw Self.jobError(error, source, name) }
            try collect(&state)
        } catch {
            state.failure = error
        }
    }

    /// Gives the encoder some more samples.
    ///
    /// - Returns: Whether there were some.
    private func step(_ state: inout State, until limit: Int64, isLast: Bool) throws(JobError) -> Bool {
        guard !state.hasEnded, state.timeline.fed < limit else { return false }
        do throws(AudioCodingError) {
            if !state.timeline.hasSamples {
                guard try decodeNext(&state, isLast: isLast) else { return false }
            }
            guard let run = state.timeline.next(until: limit) else { return true }
            try state.chain.feed(run)
            return true
        } catch {
            throw Self.jobError(error, source, name)
        }
    }

    private func decodeNext(_ state: inout State, isLast: Bool) throws(AudioCodingError) -> Bool {
        do throws(AudioChain.ReadingError) {
            guard let samples = try state.chain.decodeNext(isLast: isLast) else { return false }
            state.timeline.add(at: samples.time, count: samples.count)
            return true
        } catch {
            switch error {
            case .coding(.damaged(let reason)) where acceptPartial:
                state.loss = Self.jobError(.damaged(reason), source, name)
                state.chain.stopReading()
                return false
            case .coding(let error): throw error
            case .reading(let error):
                guard acceptPartial, case .input(.damaged) = error else {
                    state.failure = error
                    state.chain.stopReading()
                    return false
                }
                state.loss = error
                state.chain.stopReading()
                return false
            }
        }
    }

    private func collect(_ state: inout State) throws(JobError) {
        do throws(AudioCodingError) {
            while let packet = try state.chain.nextPacket() { state.ready.append(packet) }
        } catch {
            throw Self.jobError(error, source, name)
        }
    }

    func notices(videoEnd: Int64) -> [String] {
        state.withLock { state in
            let own = source.microseconds(state.timeline.fed)
            let isCut = end.length == .frames && soundsOn(&state, after: videoEnd)
            return end.notice(source.shownName, end: own, isCut: isCut, videoEnd: videoEnd).map { [$0] } ?? []
        }
    }

    /// Whether more than is not heard comes behind what was encoded.
    private func soundsOn(_ state: inout State, after videoEnd: Int64) -> Bool {
        var timeline = state.timeline
        while source.microseconds(timeline.end) - videoEnd <= AudioEnd.unheard {
            guard let next = try? state.chain.decodeNext(isLast: true) else { return false }
            timeline.add(at: next.time, count: next.count)
        }
        return true
    }

    private static func jobError(_ error: AudioCodingError, _ stream: AudioStream, _ name: String) -> JobError {
        switch error {
        case .damaged(let reason): .input(.damaged(name: name, reason: "its \(stream.shownName): \(reason)"))
        case .unsupported(let reason): .input(.unsupported(name: name, reason: "its \(stream.shownName): \(reason)"))
        case .outOfMemory: .input(.noMemory(OutOfMemory(for: "audio")))
        }
    }
}
