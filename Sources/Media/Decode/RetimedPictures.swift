package import EncoderCore
internal import Ingest
package import Jobs
internal import Threading
package import VideoTypes

/// The pictures of a stream with the times of a list instead of their own.
///
/// Thread-safety: ``next()`` is called on one thread at a time; everything else on any.
package final class RetimedPictures: TimedPictures {
    private let input: any TimedPictures
    private let schedule: FrameSchedule
    private let selection: FrameReader.Selection
    /// The number in the input of the next picture.
    private let position = Monitor(0)

    /// - Parameters:
    ///   - input: The pictures.
    ///   - times: The list: as many times as there are pictures.
    ///   - job: Which pictures are wanted, and how long the last one is shown.
    /// - Throws: ``IngestError/wrongNumberOfTimes(frames:times:skipped:)`` if there are as many files as pictures, but not as many times.
    package init(_ input: DecodedMedia, _ times: FrameTimes, _ job: InputDescription) throws(JobError) {
        (self.input, selection) = (input, job.selection)
        // Where the output begins is decided where it may have audio, too.
        schedule = FrameSchedule(times, job.selection, keepsStart: true, durationOfLast: job.durationOfLast)
        if selection.count == nil, let sequence = input.info.pictures { try check(sequence.names.count) }
    }

    package let clockError: Int64 = 0
    /// The last picture has a duration.
    package let end: Int64? = nil

    package var name: String { input.name }
    package var frameCount: Int? { input.frameCount }
    package var bytesRead: Int { input.bytesRead }
    package var droppedBytes: Int { input.droppedBytes }
    package var picturesOfInput: Int? { input.picturesOfInput }
    package var isInterrupted: Bool { input.isInterrupted }
    package var gapNotice: String? { input.gapNotice }
    package var loss: JobError? { input.loss }

    package func file(ofPicture index: Int) -> String? { input.file(ofPicture: index) }

    package func next() throws(JobError) -> DecodedFrame? {
        try position.withLock { position throws(JobError) in
            guard var picture = try input.next() else {
                if !isInterrupted, loss == nil { try check(position) }
                return nil
            }
            defer { position += 1 }
            // The list may begin with the first picture that is wanted.
            guard position >= selection.skip else { return picture }
            guard let place = schedule.place(ofFrame: position) else { throw wrong(nil) }
            (picture.frame.timestamp, picture.frame.duration) = (place.timestamp, place.duration)
            return picture
        }
    }

    /// Throws if there is another number of pictures than of times.
    private func check(_ pictures: Int) throws(JobError) {
        guard pictures != schedule.listedFrames else { return }
        throw wrong(pictures)
    }

    private func wrong(_ pictures: Int?) -> JobError {
        .input(schedule.wrongNumber(pictures, schedule.listedFrames ?? 0))
    }
}
