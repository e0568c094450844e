internal import Sluice

/// How long jobs take, as far as anything is known of that: by their pixels, by what codecs usually cost, and by how fast those were
/// that have run. No lock and no clock.
struct WorkEstimate: Sendable {
    /// What is known of a job before it runs.
    private struct Job: Sendable {
        let codec: VideoCodec?
        /// Frames; `nil` if unknown.
        var frames: Int?
        /// The work of one frame: pixels, times what the codec usually costs.
        let frameWork: Double
    }

    /// What ran of a codec.
    private struct Pace: Sendable {
        var work = 0.0
        var seconds = 0.0
    }

    private var jobs: [Job] = []
    private var paces: [VideoCodec?: Pace] = [:]
    /// Frames of a job with an unknown number: the average of the others.
    private var averageFrames = 1.0

    init() {}

    init(_ jobs: [BatchJob]) {
        self.jobs = jobs.map { job in
            let codec = try? CodecRequest(job.job.config.codec).codec
            let size = job.forecast.size ?? PictureSize(width: 1920, height: 1080)
            let pixels = Double(size.width) * Double(size.height)
            return Job(codec: codec, frames: job.forecast.frames, frameWork: pixels * Self.usualCost(codec))
        }
        let known = jobs.compactMap(\.forecast.frames).map { Double($0) }
        if !known.isEmpty { averageFrames = max(1, known.reduce(0, +) / Double(known.count)) }
    }

    /// What a pixel costs by default settings, H.264 being 1: it only weighs codecs of which none has run against those that have.
    private static func usualCost(_ codec: VideoCodec?) -> Double {
        switch codec {
        case .h264, nil: 1
        case .vp8: 2
        case .hevc: 4
        case .vp9: 6
        case .av1: 12
        }
    }

    /// A job's frames have become known while it ran.
    mutating func setFrames(_ frames: Int, of index: Int) { jobs[index].frames = frames }

    /// The work of a job, with a guess where its frames are not known.
    func work(of index: Int) -> Double {
        let job = jobs[index]
        return (job.frames.map { Double(max(1, $0)) } ?? averageFrames) * job.frameWork
    }

    /// Records how long a number of a job's frames took.
    mutating func measure(_ index: Int, frames: Int, seconds: Double) {
        guard frames > 0, seconds > 0 else { return }
        paces[jobs[index].codec, default: Pace()].work += Double(frames) * jobs[index].frameWork
        paces[jobs[index].codec, default: Pace()].seconds += seconds
    }

    /// Seconds that a job takes from its beginning; `nil` if its frames are not known, or if no job has run yet.
    func seconds(of index: Int) -> Double? {
        guard jobs[index].frames != nil, let pace = paces[jobs[index].codec] ?? allPaces, pace.work > 0 else {
            return nil
        }
        return work(of: index) * pace.seconds / pace.work
    }

    private var allPaces: Pace? {
        paces.isEmpty
            ? nil
            : paces.values.reduce(into: Pace()) { sum, pace in
                sum.work += pace.work
                sum.seconds += pace.seconds
            }
    }

    /// Seconds until all jobs have ended, if as many run at once as now; `nil` if that of one of them is not known.
    ///
    /// - Parameters:
    ///   - running: For each job that runs, what it will take still; `nil` if that is not known.
    ///   - waiting: Jobs that have not started.
    func secondsLeft(running: [Double?], waiting: [Int]) -> Double? {
        let times = running + waiting.map { seconds(of: $0) }
        var (sum, longest) = (0.0, 0.0)
        for time in times {
            guard let time else { return nil }
            sum += time
            longest = max(longest, time)
        }
        return max(longest, sum / Double(max(1, running.count)))
    }
}
