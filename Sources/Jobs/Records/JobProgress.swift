internal import Synchronization
public import Threading
public import VideoTypes

/// How far a running job is. The job writes, anyone reads.
///
/// Thread-safety: all methods may be called from any thread.
public final class JobProgress: Sendable {
    private let framesIn = Atomic(0)
    private let bytesIn = Atomic(0)
    private let chunksOut = Atomic(0)
    private let bytesOut = Atomic(0)
    private let knownFrames = Atomic(-1)
    private let state = Monitor(State())
    private let start = ContinuousClock.now

    /// What reading and converting spend their time on.
    public let ingestClock = StageClock()
    /// What writing spends its time on.
    public let outputClock = StageClock()

    /// A job at its beginning.
    public init() {}

    private struct State {
        var encoders: StageThreads?
        var readers = 1
        var framerate: FrameRate?
    }

    /// - Parameters:
    ///   - encoders: The encoders' clock, and their number.
    ///   - readers: How many threads read.
    ///   - knownFrames: Frames that there will be; `nil` if nobody knows.
    package func begin(encoders: StageThreads, readers: Int = 1, framerate: FrameRate?, knownFrames: Int?) {
        state.withLock { $0 = State(encoders: encoders, readers: readers, framerate: framerate) }
        self.knownFrames.store(knownFrames ?? -1, ordering: .relaxed)
    }

    package func didRead(frames: Int, bytes: Int) {
        framesIn.store(frames, ordering: .relaxed)
        bytesIn.store(bytes, ordering: .relaxed)
    }

    /// Counts one more frame that was read, by any thread.
    package func addRead(bytes: Int) {
        framesIn.add(1, ordering: .relaxed)
        bytesIn.add(bytes, ordering: .relaxed)
    }

    package func didWrite(chunks: Int, bytes: Int) {
        chunksOut.store(chunks, ordering: .relaxed)
        bytesOut.store(bytes, ordering: .relaxed)
    }

    /// A stage of the pipeline.
    public enum Stage: String, CaseIterable, Sendable {
        /// The producer of the frames: we wait for it.
        case producer
        /// Reading and converting.
        case ingest
        /// The codec.
        case encode
        /// Writing.
        case output
    }

    /// A job at one moment.
    public struct Snapshot: Sendable {
        /// Frames that have been read.
        public let framesIn: Int
        /// Bytes of the input that have been read.
        public let bytesIn: Int
        /// Chunks that have been written; each is one frame.
        public let chunksOut: Int
        /// Bytes that have been written.
        public let bytesOut: Int
        /// Frames that there will be; `nil` if nobody knows.
        public let knownFrames: Int?
        /// Seconds since the job began.
        public let seconds: Double
        /// The rate at which the frames are to be shown.
        public let framerate: FrameRate?
        /// Who everyone else waits for.
        public let bottleneck: Stage

        /// Frames encoded a second, over the whole run.
        public var framesPerSecond: Double { seconds > 0 ? Double(chunksOut) / seconds : 0 }
        /// Seconds of video encoded a second; 1 is real time.
        public var speed: Double { framerate.map { framesPerSecond / $0.approximate } ?? 0 }
        /// Bits a second of video so far.
        public var bitrate: Double {
            guard chunksOut > 0, let framerate else { return 0 }
            return Double(bytesOut) * 8 * framerate.approximate / Double(chunksOut)
        }
        /// Seconds until the end, where the number of frames is known.
        public var secondsLeft: Double? {
            guard let knownFrames, framesPerSecond > 0 else { return nil }
            return Double(max(0, knownFrames - chunksOut)) / framesPerSecond
        }
    }

    /// How far the job is now.
    public var snapshot: Snapshot {
        let known = knownFrames.load(ordering: .relaxed)
        let framerate = state.withLock { $0.framerate }
        return Snapshot(
            framesIn: framesIn.load(ordering: .relaxed),
            bytesIn: bytesIn.load(ordering: .relaxed),
            chunksOut: chunksOut.load(ordering: .relaxed),
            bytesOut: bytesOut.load(ordering: .relaxed),
            knownFrames: known < 0 ? nil : known,
            seconds: seconds,
            framerate: framerate,
            bottleneck: bottleneck
        )
    }

    package var seconds: Double {
        let (seconds, attoseconds) = start.duration(to: .now).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    /// Seconds that a stage has spent on something, the mean of its threads.
    package func seconds(_ activity: StageClock.Activity, of stage: Stage) -> Double {
        let (encoders, readers) = state.withLock { ($0.encoders, $0.readers) }
        return switch stage {
        case .producer, .ingest: StageThreads(clock: ingestClock, count: readers).seconds(activity)
        case .encode: encoders?.seconds(activity) ?? 0
        case .output: outputClock.seconds(activity)
        }
    }

    private var bottleneck: Stage {
        let busy: [(stage: Stage, seconds: Double)] = [
            (.producer, seconds(.waitingForInput, of: .producer)),
            (.ingest, seconds(.working, of: .ingest)),
            (.encode, seconds(.working, of: .encode)),
            (.output, seconds(.working, of: .output)),
        ]
        return busy.max { $0.seconds < $1.seconds }?.stage ?? .producer
    }
}

/// The threads of a stage, and what all of them together spend their time on.
package struct StageThreads: Sendable {
    package let clock: StageClock
    /// 1 or more.
    package let count: Int

    package init(clock: StageClock, count: Int) {
        (self.clock, self.count) = (clock, count)
    }

    /// The mean of the threads.
    package func seconds(_ activity: StageClock.Activity) -> Double { clock.seconds(activity) / Double(count) }
}
