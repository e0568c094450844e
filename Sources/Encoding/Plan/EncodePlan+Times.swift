internal import Ingest
internal import Jobs
internal import Media
internal import VideoTypes

// When the frames of an input are shown.
extension EncodePlan {
    /// The rate of the input's frames; `nil` where they come at any time.
    static func framerate(_ job: EncodeJob, _ header: InputHeader?) throws(JobError) -> FrameRate? {
        guard job.input.frameTimes == nil else {
            guard job.input.framerate == nil else {
                throw .usage(
                    "\(Setting.framerate) and the frames' times exclude each other: the times replace the rate"
                )
            }
            return nil
        }
        if let header, header.hasTimes { return job.input.hasVariableRate ? nil : header.framerate }
        guard let rate = job.input.framerate ?? header?.framerate else {
            throw .usage(
                "\(header == nil ? "raw input" : "this Y4M input") needs a frame rate, such as \(Setting.framerate) 30"
            )
        }
        return rate
    }

    /// When the frames are shown that have no times of their own; `nil` for those of a stream.
    static func schedule(_ job: EncodeJob, _ header: InputHeader?, _ rate: FrameRate?) -> FrameSchedule? {
        let input = job.input
        if let times = input.frameTimes {
            return FrameSchedule(
                times,
                input.selection,
                keepsStart: input.keepsStartTime,
                durationOfLast: input.durationOfLast
            )
        }
        guard header?.hasTimes != true else { return nil }
        return rate.map { FrameSchedule($0, skip: input.selection.skip) }
    }

    /// Frames a second on average, and within any second at most; `nil` without a listed frame.
    static func rates(_ schedule: FrameSchedule) -> (average: FrameRate?, highest: FrameRate?)? {
        var survey = TimeSurvey(rate: nil, clockError: 0)
        var duration: Int64?
        for place in schedule.places {
            survey.add(place.timestamp)
            duration = place.duration
        }
        survey.end()
        guard survey.frames > 0 else { return nil }
        guard survey.frames > 1 else {
            let lone = duration.flatMap { FrameRate(1000, Int(clamping: max(1, $0 / 1000))) } ?? .thirty
            return (lone, lone)
        }
        return (survey.average, survey.highest)
    }

    /// Bytes that reading needs in addition to the pictures that wait.
    var scratchBytes: Int {
        PictureReader.scratchBytes(source: source, conversion: conversion) + keptPictures * target.byteCount
    }

    /// Pictures that are kept while frames are dropped and repeated: one that is shown, and the next.
    var keptPictures: Int { framerateIsConverted ? 2 : 0 }

    /// Frames that the output has of a number of the input's; `nil` if that is not known.
    func outputFrames(ofInput frames: Int?) -> Int? {
        guard framerateIsConverted, let rate = framerate else { return frames }
        guard let frames, let sourceRate, let end = sourceRate.timestamp(ofFrame: frames) else { return nil }
        return max(1, Int(clamping: RateConversion(rate).tick(end)))
    }
}
