internal import Containers
internal import Ingest
internal import Jobs
internal import Media
internal import VideoTypes

/// The times of an output's frames, from those of a media input.
struct OutputTiming {
    let format: OutputFormat
    /// The output keeps the time at which the input begins; otherwise it begins at 0.
    let keepsStart: Bool
    /// Times are stored nowhere: neither in the format nor in the lines of `--chunks`.
    let losesTimes: Bool
    /// How long the last frame is shown; `nil` leaves it to the input.
    let durationOfLast: Int64?
    /// What the output tells times apart by, in microseconds.
    let step: Int64
    /// The chapters, whose place depends on when the output begins.
    let chapters: ChapterPlacement?
    let notices: Notices

    init(_ job: EncodeJob, _ notices: Notices) {
        format = job.output.format
        keepsStart = job.input.keepsStartTime
        // Frames that come at another rate have new times, and no gaps.
        let isConverted = job.output.constantFramerate != nil
        losesTimes = !isConverted && !job.output.format.hasTimes && job.output.chunks == nil
        step = isConverted ? 1 : job.output.format.tick
        durationOfLast = job.input.durationOfLast
        chapters = job.output.metadata.placement
        self.notices = notices
    }

    /// ``step`` as text for messages.
    var unit: String { "\(format.name) stores \(step == 1 ? "microseconds" : "milliseconds")" }

    /// Frames of the constant rate are missing, which a format without times cannot tell.
    func noteMissing(_ place: FrameTimeline.Place, beforeFrame number: Int) {
        guard losesTimes else { return }
        let pause = "a gap of \(place.missing) \(place.missing == 1 ? "frame" : "frames") before frame \(number)"
        notices.add(
            "\(pause) is lost: \(format.name) does not store times (use \(OutputFormat.names(where: \.hasTimes)))"
        )
    }

    /// Throws if the output cannot begin at a time of the input.
    func checkStart(_ time: Int64, name: String) throws(JobError) {
        guard time < 0 else { return }
        let reason = "it begins at \(time) µs, which \(format.name) cannot store"
        throw .input(
            .unsupported(name: name, reason: "\(reason) (without \(Setting.keepsStartTime), the output begins at 0)")
        )
    }
}
