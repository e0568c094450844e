internal import Bitstream
package import Ingest
package import Jobs
internal import Threading
internal import VideoTypes

/// A file that has been opened and recognized: the source of its units, and what it stores before the first.
package struct OpenedMedia {
    package var name: String
    package var format: MediaFormat
    package var units: any MediaUnits
    package var head: MediaHead

    package init(_ origin: ByteSource.Origin, _ options: MediaOptions, _ interrupt: Interrupt) throws(JobError) {
        if let sequence = try Self.sequence(origin, options) {
            try self.init(sequence, options, interrupt)
        } else {
            try self.init(try Self.source(origin, options, interrupt), options, interrupt)
        }
    }

    /// The pictures of a pattern of names; `nil` for a file.
    package static func sequence(
        _ origin: ByteSource.Origin,
        _ options: MediaOptions
    ) throws(JobError) -> PictureSequence? {
        guard case .path(let path) = origin else { return nil }
        return try asJobError { () throws(IngestError) in
            try PictureSequence(path, startNumber: options.startNumber)
        }
    }

    /// A sequence of pictures.
    package init(_ sequence: PictureSequence, _ options: MediaOptions, _ interrupt: Interrupt) throws(JobError) {
        guard [.auto, .pictures].contains(options.format) else {
            throw .usage("\(sequence.name) is a pattern of pictures' names, not \(options.format.rawValue)")
        }
        let pictures = try SequenceUnits(sequence, options, interrupt)
        (name, format, units, head) = (sequence.name, .pictures, pictures, pictures.head)
    }

    /// A file that is open, at its beginning.
    init(_ opened: consuming ByteSource, _ options: MediaOptions, _ interrupt: Interrupt) throws(JobError) {
        var source = opened
        name = source.name
        let start = try asJobError { () throws(IngestError) in try source.peek(MediaGuess.magicLength) }
        guard !start.isEmpty else { throw .input(.empty(name: name, frameBytes: nil)) }
        var guess = MediaGuess(beginningWith: start)
        if guess.format == .media, [.auto, .media].contains(options.format) { try source.checkKind() }
        if options.format != .auto { guess.format = options.format }
        guess.codec = options.codec ?? guess.codec
        format = guess.format
        guard options.description == nil && options.record == nil || format == .avcc else {
            throw .usage("a description needs a stream in AVCC format, but \(name) is \(format.rawValue)")
        }
        if let lines = options.chunks {
            let reader = ChunkLineReader(try Self.source(lines, options, interrupt))
            let chunks = try ChunkedUnits(source, lines: reader)
            (units, head) = (chunks, chunks.head)
        } else {
            (units, head) = try Self.units(source, guess, start, options, interrupt)
        }
    }

    /// Throws if the options contradict the file.
    package func check(_ options: MediaOptions) throws(JobError) {
        guard options.startNumber == nil || units is SequenceUnits else {
            throw .usage("\(Setting.startNumber) needs a pattern of pictures' names, unlike \(name)")
        }
        guard options.framerate == nil || !head.hasTimes else {
            let own = head.framerate.map { "a rate of its own, \($0) fps" } ?? "a rate of its own"
            let what = head.hasOwnRate ? "\(own) (use \(Setting.frameTimes) for other times)" : "times"
            throw .usage("\(Setting.framerate) needs a stream without times, but \(name) has \(what)")
        }
        guard let codec = options.codec, codec != head.codec else { return }
        throw .usage("\(Setting.codec) \(codec.rawValue) contradicts \(name), which is \(head.codecName)")
    }

    private static func source(
        _ origin: ByteSource.Origin,
        _ options: MediaOptions,
        _ interrupt: Interrupt
    ) throws(JobError) -> ByteSource {
        try asJobError { () throws(IngestError) in
            try ByteSource(opening: origin, interrupt: interrupt, clock: StageClock(), timeout: options.timeout)
        }
    }

    private static func units(
        _ source: consuming ByteSource,
        _ guess: MediaGuess,
        _ start: [UInt8],
        _ options: MediaOptions,
        _ interrupt: Interrupt
    ) throws(JobError) -> (any MediaUnits, MediaHead) {
        switch guess.format {
        case .annexb:
            let codec = guess.codec ?? .h264
            guard [.h264, .hevc].contains(codec) else {
                throw .usage("\(codec.name) has no Annex B format of NAL units")
            }
            let splitter = AnnexBSplitter(isHEVC: codec == .hevc)
            return (StreamUnits(source, splitter, PlainUnitRules()), MediaHead(codec))
        case .avcc:
            return try avcc(source, options, interrupt)
        case .ivf:
            let name = source.name
            do throws(BitstreamError) {
                let head = try IVFUnitRules.head(IVFHeader(parsing: start[...]))
                return (StreamUnits(source, IVFReader(), IVFUnitRules(), options.notices), head)
            } catch {
                throw .media(name, error)
            }
        case .obu:
            return (StreamUnits(source, TemporalUnitSplitter(), PlainUnitRules()), MediaHead(.av1))
        case .obuAnnexB:
            return (StreamUnits(source, AV1AnnexBSplitter(), LengthDelimitedRules()), MediaHead(.av1))
        case .pictures:
            guard let format = PictureFormat(beginningWith: start) else {
                let reason = "it is none of the pictures that are read (\(PictureFormat.names))"
                throw .input(.unsupported(name: source.name, reason: reason))
            }
            return (StreamUnits(source, PictureSplitter(), PictureRules()), MediaHead(pictures: format))
        case .media, .auto:
            let units = try ContainerUnits(
                source,
                acceptPartial: options.acceptPartial,
                audio: options.audio,
                notices: options.notices
            )
            return (units, units.head)
        }
    }

    private static func avcc(
        _ source: consuming ByteSource,
        _ options: MediaOptions,
        _ interrupt: Interrupt
    ) throws(JobError) -> (any MediaUnits, MediaHead) {
        let (name, bytes) = try description(options, interrupt)
        let (codec, lengthSize): (VideoCodec, Int)
        do throws(BitstreamError) {
            (codec, lengthSize) = try record(bytes, options.codec)
        } catch {
            throw .media(name, error)
        }
        var head = MediaHead(codec)
        head.description = bytes
        let splitter = LengthPrefixedSplitter(isHEVC: codec == .hevc, lengthSize: lengthSize)
        return (StreamUnits(source, splitter, PlainUnitRules()), head)
    }

    private static func description(
        _ options: MediaOptions,
        _ interrupt: Interrupt
    ) throws(JobError) -> (name: String, bytes: [UInt8]) {
        if let record = options.record, options.description == nil { return ("the description", record) }
        guard let origin = options.description, options.record == nil else {
            throw .usage("a stream in AVCC format needs one description (avcC or hvcC)")
        }
        var file = try source(origin, options, interrupt)
        return (file.name, try asJobError { () throws(IngestError) in try file.readBytes(upTo: 1 << 20) })
    }

    /// Which record it is: each checks that the NAL units in it are of its codec.
    private static func record(_ bytes: [UInt8], _ codec: VideoCodec?) throws(BitstreamError) -> (VideoCodec, Int) {
        if codec != .hevc, let record = try? AVCDecoderConfigurationRecord(parsing: bytes) {
            return (.h264, record.lengthSize)
        }
        if codec == .h264 { return (.h264, try AVCDecoderConfigurationRecord(parsing: bytes).lengthSize) }
        return (.hevc, try HEVCDecoderConfigurationRecord(parsing: bytes).lengthSize)
    }
}
