internal import CPosix
internal import Places
internal import Sluice
internal import SystemPackage

/// The processes of a try, and what has become of them.
struct RunningJob {
    private let attempt: JobAttempt
    private let wake: WakePipe
    private var encode: ChildProcess
    private var producer: ChildProcess?
    /// The end of the frames' pipe that keeps `encode` waiting.
    private var gate: ClosingDescriptor?
    private var streams: [Stream]
    private var output: [String] = []
    private var stopping = Stopping()
    private var producerFailure: Failure?
    /// When the command failed, its frames were no longer read.
    private var isUnread = false
    private let deadline: ContinuousClock.Instant?

    /// Starts everything.
    init(_ attempt: JobAttempt, _ start: ContinuousClock.Instant) throws(ChildProcess.StartError) {
        self.attempt = attempt
        deadline = attempt.timeout.map { start + $0 }
        let pipes = try Pipes(attempt)
        let (output, errors, progress, frames) = (pipes.output, pipes.errors, pipes.progress, pipes.frames)
        wake = pipes.wake
        var descriptors = ChildProcess.Descriptors()
        descriptors.input = frames?.read.value
        (descriptors.output, descriptors.errors) = (output.write.value, errors.write.value)
        (descriptors.progress, descriptors.lock) = (progress.write.value, attempt.lock.rawValue)
        descriptors.root = attempt.root?.folder.descriptor.rawValue
        // A descriptor is closed with its last owner, which has to be after the child has it.
        defer { withExtendedLifetime((output, errors, progress, frames)) {} }
        let words = [attempt.program.spelled, "sluice"] + attempt.arguments
        encode = try ChildProcess(words, in: attempt.folder, descriptors, wake: wake)
        streams = [Stream(.output, output.read), Stream(.words, errors.read), Stream(.progress, progress.read)]
        guard let command = attempt.job.command, let frames, let complaints = pipes.complaints else { return }
        defer { withExtendedLifetime(complaints) {} }
        descriptors = ChildProcess.Descriptors()
        (descriptors.output, descriptors.errors) = (frames.write.value, complaints.write.value)
        do throws(ChildProcess.StartError) {
            producer = try ChildProcess(command, in: attempt.folder, descriptors, wake: wake)
        } catch {
            encode.signal(Signal.terminate)
            encode.signal(Signal.terminate)
            encode.finish()
            throw error
        }
        gate = frames.write
        streams.append(Stream(.words, complaints.read))
    }

    /// All the pipes of a try: they are there before anything is started.
    private struct Pipes {
        let wake: WakePipe
        let output: Ends
        let errors: Ends
        let progress: Ends
        /// From the command that makes frames, if one does.
        let frames: Ends?
        /// Its messages.
        let complaints: Ends?

        init(_ attempt: JobAttempt) throws(ChildProcess.StartError) {
            do throws(Errno) {
                wake = try WakePipe()
                (output, errors, progress) = (try Ends(), try Ends(), try Ends())
                let isFed = attempt.job.command != nil
                (frames, complaints) = isFed ? (try Ends(), try Ends()) : (nil, nil)
            } catch {
                throw ChildProcess.StartError(program: attempt.program.spelled, errno: error)
            }
        }
    }

    /// Waits until everything has ended, and forwards messages.
    mutating func wait() {
        while !isOver {
            let fixed = [
                wake.readEnd, attempt.cancellation.descriptor(ofRequest: 1),
                attempt.cancellation.descriptor(ofRequest: 2),
            ]
            let cancelled = min(attempt.cancellation.count, 2)
            // A request stays readable: after it is seen, its descriptor is not polled again.
            let watched = fixed.enumerated().map { $0.offset > 0 && $0.offset <= cancelled ? -1 : $0.element }
            let descriptors = watched + streams.map { $0.descriptor?.value ?? -1 }
            let mask = unsafe cposix_wait_any_readable(descriptors, Int32(descriptors.count), milliseconds)
            if mask & 1 != 0 { wake.drain() }
            for index in streams.indices where mask & 1 << (index + watched.count) != 0 { take(index) }
            follow()
        }
        for index in streams.indices { finishStream(index) }
        // A process that was asked to end does not outlive the attempt, nor do the processes that it has started.
        if stopping.isAsked { signal(Signal.kill) }
        encode.finish()
        producer?.finish()
    }

    private var isOver: Bool {
        guard encode.ending != nil, producer == nil || producer?.ending != nil else { return false }
        // What they have started may hold the pipes for longer; it is not waited for.
        return streams.allSatisfy { $0.descriptor == nil } || stopping.isOverdue(.streams)
    }

    private var milliseconds: Int32 {
        let instants = [stopping.isAsked ? nil : deadline, stopping.next].compactMap { $0 }
        guard let next = instants.min() else { return -1 }
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: next).components
        return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
    }

    /// Reads the available bytes.
    private mutating func take(_ index: Int) {
        guard let descriptor = streams[index].descriptor else { return }
        let bytes = FileDescriptor(rawValue: descriptor.value).available(upTo: 1 << 16)
        guard !bytes.isEmpty else { return finishStream(index) }
        for line in streams[index].lines.append(bytes) { say(line, streams[index].kind) }
    }

    private mutating func finishStream(_ index: Int) {
        streams[index].descriptor = nil
        if let line = streams[index].lines.finish() { say(line, streams[index].kind) }
    }

    private mutating func say(_ line: String, _ kind: Stream.Kind) {
        switch kind {
        case .output: output = output.suffix(7) + [line]
        case .progress: attempt.progress(line)
        case .words: attempt.words(line)
        }
    }

    /// Does what follows from what has happened.
    private mutating func follow() {
        if attempt.cancellation.count > 0, !stopping.isAsked { stop(.cancelled) }
        if let deadline, !stopping.isAsked, ContinuousClock.now >= deadline { stop(.timedOut) }
        if attempt.cancellation.count > 1, stopping.reason == .cancelled, stopping.askedTwice() {
            signal(Signal.terminate)
        }
        if stopping.takeOverdueGrace() { signal(Signal.kill) }
        if let ending = producer?.ending, let gate {
            if !ending.isSuccess, encode.ending == nil { noteFailure(ending, gate) }
            self.gate = nil
        }
        guard encode.ending != nil else { return }
        guard let producer, producer.ending == nil else { return stopping.begin(.streams, after: .seconds(1)) }
        // Its frames are no longer read.
        if stopping.reason == nil { stopProducer(producer) }
    }

    /// The command has failed. An `encode` that has stopped reading ends by itself, and must be able to report the reason.
    private mutating func noteFailure(_ ending: ChildProcess.Ending, _ gate: ClosingDescriptor) {
        producerFailure = Failure(producer: ending, program: attempt.job.command?[1] ?? "")
        isUnread = !cposix_has_reader(gate.value)
        guard !isCounted, !isUnread else { return }
        encode.signal(Signal.terminate)
        stopping.begin(.grace, after: attempt.killAfter)
    }

    /// With a given number of frames, `encode` decides whether they were complete, and a command that cannot write more frames
    /// is not a failure.
    private var isCounted: Bool { attempt.job.job.input.selection.count != nil }

    private mutating func stopProducer(_ producer: ChildProcess) {
        stopping.reason = .unread
        gate = nil
        producer.signal(Signal.terminate)
        stopping.begin(.grace, after: min(JobAttempt.lastGrace, attempt.killAfter))
    }

    private mutating func stop(_ reason: Stopping.Reason) {
        stopping.reason = reason
        signal(Signal.terminate)
        // Of an encode that is aborted, nothing is kept: its second signal, of another number so that the system does not merge
        // the two, spares it the frames that it has read.
        if reason == .cancelled { encode.signal(Signal.interrupt) }
        stopping.begin(.grace, after: attempt.killAfter)
    }

    private func signal(_ number: Int32) {
        encode.signal(number)
        producer?.signal(number)
    }

    /// Which process caused the failure: the command, if it ended first, even if `encode` reports frames that end early. A
    /// command that fails because its output is no longer read is not the cause, and with a given number of frames it matters
    /// only if some are missing.
    private func failure(_ ending: ChildProcess.Ending) -> Failure {
        let own = Failure(ending, saying: output, program: "sluice encode")
        let isCause = ending.isSuccess || (!isUnread && (!isCounted || own.status == .badInput || ending.signal != 0))
        if let producerFailure, isCause { return producerFailure }
        return attempt.job.command.map { own.naming(producer: $0[1]) } ?? own
    }

    /// Whether a signal that was not the batch's has ended it after the batch was to stop.
    private func isEndedFromOutside(_ ending: ChildProcess.Ending) -> Bool {
        attempt.cancellation.isStopping && Signal.ends.contains(ending.signal)
    }

    /// What it came to.
    func outcome() -> JobAttempt.Outcome {
        var outcome = JobAttempt.Outcome()
        let ending = encode.ending ?? ChildProcess.Ending()
        outcome.ending = ending
        if let producer = producer?.ending { outcome.ending.cpuSeconds += producer.cpuSeconds }
        // What has finished in spite of a request is finished.
        guard !ending.isSuccess || (producerFailure != nil && !isCounted) else { return outcome }
        switch stopping.reason {
        case .cancelled: outcome.isCancelled = true
        // Some schedulers send their signal to every process.
        case .unread where isEndedFromOutside(ending), nil where isEndedFromOutside(ending):
            outcome.isCancelled = true
        case .timedOut:
            let limit = attempt.timeout.map { Quantity.time($0 / .seconds(1), digits: 3) } ?? ""
            outcome.failure = Failure(
                .temporary,
                name: "timedOut",
                message: "it took longer than --timeout \(limit)"
            )
        case .unread, nil: outcome.failure = failure(ending)
        }
        return outcome
    }
}
