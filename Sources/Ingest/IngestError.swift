public import PixelConversion
public import SystemPackage
public import VideoTypes

/// What can be wrong with an input.
public enum IngestError: Error, Hashable, Sendable {
    /// It cannot be opened.
    case cannotOpen(name: String, Errno)
    /// It is a folder.
    case isFolder(name: String)
    /// It is a pipe or a device, and a file is needed.
    case notRegular(name: String)
    /// Reading failed.
    case readFailed(name: String, frame: Int, Errno)
    /// The writer of the pipe delivered nothing for this long; `nil` means before the first frame.
    case timedOut(name: String, frame: Int?, after: Duration)
    /// The file became another one: while it was read, or since it was looked at; what has changed.
    case changed(name: String, what: String)
    /// There is not one byte in it.
    case empty(name: String, frameBytes: Int?)
    /// The last frame is incomplete.
    case partialFrame(frame: Int, bytes: Int, frameBytes: Int)
    /// A frame has a sample that its depth does not have.
    case sampleOutOfRange(frame: Int, SampleExcess)
    /// The input ends within the frames to skip.
    case skippedPastEnd(frames: Int, skip: Int)
    /// The input has fewer frames than requested.
    case tooFewFrames(frames: Int, wanted: Int)
    /// The input has more frames than expected; `nil` frames means that they were not counted.
    case tooManyFrames(frames: Int?, expected: Int)
    /// The input has more or fewer frames than its list of times; `nil` frames means more, which were not counted. Frames that are
    /// skipped and have no place in the list are not among them.
    case wrongNumberOfTimes(frames: Int?, times: Int, skipped: Int = 0)
    /// Its header or a frame's header cannot be read.
    case damagedHeader(name: String, reason: String)
    /// Memory to read it into was refused.
    case noMemory(OutOfMemory)
    /// It is coded, and damaged or at its end too early.
    case damaged(name: String, reason: String)
    /// The input has no media, but refers to other files or addresses, which are not opened.
    case refersToOthers(name: String, what: String)
    /// It is well formed, but of a kind that Sluice does not encode.
    case unsupported(name: String, reason: String)
}

extension IngestError: CustomStringConvertible {
    /// The thing, its numbers, and what would have been right.
    public var description: String {
        switch self {
        case .cannotOpen(let name, let errno): "\(name) cannot be opened: \(errno)"
        case .isFolder(let name):
            "\(name) is a folder, not a file of frames (its pictures are '\(name)/*.png', in quotes)"
        case .notRegular(let name): "\(name) is a pipe or a device; a file is needed"
        case .readFailed(let name, let frame, let errno): "reading frame \(frame) from \(name) failed: \(errno)"
        case .timedOut(let name, let frame, let time):
            "\(name) delivered nothing for \(time.formattedSeconds) s (\(Setting.timeout))"
                + (frame.map { ", in or before frame \($0)" } ?? "")
        case .changed(let name, let what): "\(name) \(what)"
        case .empty(let name, let frameBytes):
            "\(name) is empty" + (frameBytes.map { " (a frame has \($0) bytes)" } ?? "")
        case .partialFrame(let frame, let bytes, let frameBytes):
            "frame \(frame) is partial: \(bytes) of \(frameBytes) bytes, after \(Quantity.count(frame, "complete frame"))"
                + " (\(Setting.acceptPartial) keeps the complete ones)"
        case .sampleOutOfRange(let frame, let excess): "frame \(frame) \(excess)"
        case .skippedPastEnd(let frames, let skip):
            "the input has \(Quantity.count(frames, "frame")), so skipping \(skip) leaves none"
        case .tooFewFrames(let frames, let wanted): "\(Self.there(frames)), fewer than the \(wanted) requested"
        case .tooManyFrames(let frames, let expected):
            frames.map { "\(Self.there($0)), more than the \(expected) expected" }
                ?? "the input has more than the expected \(expected) frames"
        case .wrongNumberOfTimes(let frames, let times, let skipped):
            (skipped == 0 ? "" : "after \(Quantity.count(skipped, "skipped frame")), ")
                + "the input has \(frames.map { Quantity.count($0, "frame") } ?? "more than \(Quantity.count(times, "frame"))"),"
                + " but \(Quantity.count(times, "time")) \(times == 1 ? "is" : "are") listed for it"
                + (frames == times - 1 ? " (remove a last line that is the end of the last frame)" : "")
        case .noMemory(let error): error.description
        case .damaged(let name, let reason):
            "\(name) is damaged: \(reason) (\(Setting.acceptPartial) keeps the complete frames)"
        case .refersToOthers(let name, let what): "\(name) is \(what); Sluice does not open files named in other files"
        case .damagedHeader(let name, let reason), .unsupported(let name, let reason): "\(name): \(reason)"
        }
    }
}

extension IngestError {
    /// ``changed(name:what:)`` of a file that became shorter or longer while it was read.
    package static func changedLength(name: String) -> Self {
        .changed(name: name, what: "changed its length while it was read")
    }

    /// ``damagedHeader(name:reason:)`` of a picture that is not of the size of those before it.
    package static func otherSize(name: String, _ size: PictureSize, before: PictureSize, advice: String) -> Self {
        .damagedHeader(name: name, reason: "it is \(size), and the pictures before it \(before) (\(advice))")
    }

    private static func there(_ frames: Int) -> String {
        "the input has \(Quantity.count(frames, "frame"))"
    }
}

extension Duration {
    /// Seconds, to the millisecond and without zeros after the last digit.
    fileprivate var formattedSeconds: String {
        let milliseconds = Int64(self / .milliseconds(1))
        guard milliseconds % 1000 != 0 else { return "\(milliseconds / 1000)" }
        return "\(Double(milliseconds) / 1000)"
    }
}

extension IngestError {
    /// The input may be right: the system had too little of something that others give back, such as descriptors.
    public var isShortage: Bool { if case .cannotOpen(_, let errno) = self { errno.isShortage } else { false } }
}

extension Errno {
    /// The system has too little of something that others give back.
    package var isShortage: Bool { [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory].contains(self) }
}
