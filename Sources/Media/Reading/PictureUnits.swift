internal import Bitstream
internal import Ingest
internal import Jobs
internal import Places
internal import SystemPackage
internal import Threading
internal import VideoTypes

/// Pictures of a stream, one after another.
struct PictureRules: StreamUnitRules {
    private var units = 0

    mutating func unit(_ unit: StreamUnit, _ splitter: PictureSplitter) throws(BitstreamError) -> MediaUnit {
        defer { units += 1 }
        return MediaUnit(unit.bytes, place: "picture \(units), at byte \(unit.offset)")
    }
}

/// The pictures of a sequence of files, each a unit.
final class SequenceUnits: MediaUnits {
    let sequence: PictureSequence
    private let options: MediaOptions
    private let interrupt: Interrupt
    private var index = 0
    private let format: PictureFormat
    /// The picture that has been read to know the format.
    private var ahead: MediaUnit?

    /// - Parameters:
    ///   - sequence: The files.
    ///   - options: How long a file may deliver nothing.
    ///   - interrupt: Ends reading early.
    init(_ sequence: PictureSequence, _ options: MediaOptions, _ interrupt: Interrupt) throws(JobError) {
        (self.sequence, self.options, self.interrupt) = (sequence, options, interrupt)
        let first = try Self.read(sequence.path(0), options, interrupt)
        guard let format = PictureFormat(beginningWith: first.data) else {
            let reason = "it is none of the pictures that are read (\(PictureFormat.names))"
            throw .input(.unsupported(name: first.place, reason: reason))
        }
        (self.format, ahead) = (format, first)
        try Self.check(first, format)
    }

    /// What is known of the pictures.
    var head: MediaHead {
        var head = MediaHead(pictures: format)
        head.frameCount = sequence.names.count
        return head
    }

    var isInterrupted: Bool { interrupt.isTriggered }

    func next() throws(JobError) -> MediaUnit? {
        guard index < sequence.names.count, !isInterrupted else { return nil }
        defer { index += 1 }
        if let first = ahead.take() { return first }
        let unit = try Self.read(sequence.path(index), options, interrupt)
        guard !isInterrupted else { return nil }
        // A program that ended early may leave it so.
        guard !unit.data.isEmpty else { throw .input(.damaged(name: unit.place, reason: "it is empty")) }
        try Self.check(unit, format)
        return unit
    }

    private static func read(
        _ path: FilePath,
        _ options: MediaOptions,
        _ interrupt: Interrupt
    ) throws(JobError) -> MediaUnit {
        let bytes = try asJobError { () throws(IngestError) in
            var source = try ByteSource(
                opening: .path(path),
                interrupt: interrupt,
                clock: StageClock(),
                timeout: options.timeout
            )
            let length = source.length ?? StreamLimit.unitBytes
            guard length <= StreamLimit.unitBytes else {
                let reason = "it has \(length) bytes, more than the \(StreamLimit.unitBytes) that a picture may have"
                throw .unsupported(name: path.shown, reason: reason)
            }
            return try source.readBytes(upTo: length)
        }
        return MediaUnit(bytes, place: path.shown)
    }

    /// Throws for a picture of another format than the first, or that is not whole.
    private static func check(_ unit: MediaUnit, _ format: PictureFormat) throws(JobError) {
        let name = unit.place
        guard !unit.data.isEmpty else { throw .input(.empty(name: name, frameBytes: nil)) }
        guard let own = PictureFormat(beginningWith: unit.data), own == format else {
            let kind = PictureFormat(beginningWith: unit.data)?.name ?? "no picture that is read"
            throw .input(.damagedHeader(name: name, reason: "it is \(kind), and those before it are \(format.name)"))
        }
        let missing: Int?
        do throws(BitstreamError) {
            missing = try format.missingBytes(in: unit.data)
        } catch {
            // The decoder will tell.
            guard error.reason != .unsupported else { return }
            throw .input(.damagedHeader(name: name, reason: "\(error)"))
        }
        guard let missing else { return }
        let reason = "it is truncated: after its \(unit.data.count) bytes, \(missing) or more are missing"
        throw .input(.damaged(name: name, reason: reason))
    }
}
