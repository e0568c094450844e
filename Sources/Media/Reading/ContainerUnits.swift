internal import Bitstream
internal import Containers
internal import Ingest
internal import Jobs
internal import LibAV
internal import VideoTypes

/// The packets of a container.
final class ContainerUnits: MediaUnits {
    private let input: SourceInput
    private var demuxer: Demuxer
    private let name: String
    /// The size that the file stores about itself.
    private let extent: Int?
    /// A size that the file only mentions: a different size is not damage.
    private let remark: Int?
    private let audio: AudioIntake?
    private let notices: Notices?
    private var packets = 0
    /// The unit that has been read and not given out, where the last one may not be whole.
    private var ahead: MediaUnit?
    /// What was found after it.
    private var failureAhead: JobError?
    private let acceptPartial: Bool

    /// Opens a container.
    ///
    /// - Parameters:
    ///   - source: The file.
    ///   - acceptPartial: The file may have fewer bytes than it declares.
    ///   - audio: Takes the packets of audio.
    init(
        _ source: consuming ByteSource,
        acceptPartial: Bool,
        audio: AudioIntake?,
        notices: Notices? = nil
    ) throws(JobError) {
        let name = source.name
        try Self.checkHead(&source)
        extent = try Self.extent(&source, acceptPartial: acceptPartial)
        remark = try asJobError { () throws(IngestError) in try FLVMetadata.fileSize(&source) }
        let crop = try asJobError { () throws(IngestError) in try ContainerCrop.read(&source) }
        if let reason = try asJobError({ () throws(IngestError) in try ContainerEdits.refusal(&source) }) {
            throw .input(.unsupported(name: name, reason: reason))
        }
        let tail = try asJobError { () throws(IngestError) in try TransportTail.read(&source) }
        let scheme = try asJobError { () throws(IngestError) in try ContainerEncryption.scheme(&source) }
        let input = SourceInput(source, tail: tail)
        if let scheme { throw Self.jobError(.encrypted(scheme), name, input) }
        do throws(DemuxerError) {
            demuxer = try Demuxer(input, audio: audio != nil)
        } catch {
            throw Self.jobError(error, name, input)
        }
        (self.input, self.name, self.audio, self.notices) = (input, name, audio, notices)
        self.acceptPartial = acceptPartial
        audio?.describe(demuxer.audioStreams)
        if let crop { notices?.add("\(name): \(crop)") }
    }

    /// Throws for text that names other files, whether libavformat would know it or not.
    private static func checkHead(_ source: inout ByteSource) throws(JobError) {
        let head = try asJobError { () throws(IngestError) in try source.peek(ReferringFormat.headLength) }
        if let format = ReferringFormat(beginningWith: head) {
            throw .input(.refersToOthers(name: source.name, what: format.description))
        }
        guard source.length == nil, ContainerExtent.hasLateIndex(head) else { return }
        let advice = "use the file itself, or ffmpeg -movflags faststart"
        let reason = "its index is at its end, which cannot be read first from a pipe (\(advice))"
        throw .input(.unsupported(name: source.name, reason: reason))
    }

    private static func extent(_ source: inout ByteSource, acceptPartial: Bool) throws(JobError) -> Int? {
        let extent = try asJobError { () throws(IngestError) in try ContainerExtent.claimed(by: &source) }
        guard !acceptPartial, let extent, let length = source.length, length < extent else { return extent }
        throw tooShort(source.name, bytes: length, of: extent)
    }

    private static func tooShort(_ name: String, bytes: Int, of extent: Int) -> JobError {
        .input(.damaged(name: name, reason: "it ends after \(bytes) of the \(extent) bytes in its header"))
    }

    static func jobError(_ error: DemuxerError, _ name: String, _ input: SourceInput) -> JobError {
        if let failure = input.failure { return .input(failure) }
        switch error {
        case .unsupported(let reason): return .input(.unsupported(name: name, reason: reason))
        case .refersToOthers(let format): return .input(.refersToOthers(name: name, what: format.description))
        case .tooManyStreams: return .input(.damagedHeader(name: name, reason: "\(error)"))
        case .damaged(let reason): return .input(.damaged(name: name, reason: reason))
        case .outOfMemory(let operation): return .input(.noMemory(OutOfMemory(for: operation)))
        case .readFailed: return .defect("\(name): \(error)")
        }
    }

    /// What the container stores about its stream.
    var head: MediaHead {
        let stream = demuxer.stream
        var head = stream.codec.map { MediaHead($0) } ?? MediaHead(codecName: stream.codecName)
        (head.description, head.size, head.hasTimes) = (stream.description, stream.size, true)
        (head.framerate, head.frameCount, head.duration) = (stream.framerate, stream.frameCount, stream.duration)
        (head.dropsAlpha, head.hasOwnRate) = (stream.dropsAlpha, !stream.hasTimes)
        (head.hasConstantRate, head.pixelFormat) = (stream.hasConstantRate, stream.pixelFormat)
        (head.end, head.clockError) = (stream.end, stream.clockError)
        (head.parameterSets, head.mayLackTimes) = (stream.parameterSets, stream.mayLackTimes)
        (head.pixelAspectRatio, head.orientation) = (stream.pixelAspectRatio, stream.orientation)
        head.colorSpace = stream.colorSpace
        head.hdr = HDRMetadata(
            masteringDisplay: stream.masteringDisplay,
            contentLightLevel: stream.contentLightLevel
        )
        (head.leftovers, head.metadata) = (stream.leftovers, stream.metadata)
        head.metadata.name = name
        head.others = stream.others.map { MediaInfo.OtherStream(kind: $0.kind, codec: $0.codec) }
        return head
    }

    var isInterrupted: Bool { input.isInterrupted }

    func next() throws(JobError) -> MediaUnit? {
        guard acceptPartial, demuxer.stream.format == "mpegts" else { return try read() }
        return try nextWhole()
    }

    /// The next unit of a transport stream, whose pictures end where others begin: the last one of a stream that is cut off
    /// ends wherever the bytes do.
    private func nextWhole() throws(JobError) -> MediaUnit? {
        if let failure = failureAhead.take() { throw failure }
        guard let unit = try waitingOrNext() else { return nil }
        do throws(JobError) {
            ahead = try read()
        } catch {
            guard TransportTail.partialPacket(in: input.tail) == nil else { throw error }
            failureAhead = error
        }
        return unit
    }

    private func waitingOrNext() throws(JobError) -> MediaUnit? {
        if let waiting = ahead.take() { return waiting }
        return try read()
    }

    private func read() throws(JobError) -> MediaUnit? {
        do throws(DemuxerError) {
            guard let packet = try demuxer.next({ audio?.add($0) }) else {
                try checkEnd()
                reportClock()
                reportSize()
                return nil
            }
            defer { packets += 1 }
            var unit = MediaUnit(packet, place: "packet \(packets)")
            unit.mustHavePicture = demuxer.stream.hasSamples
            return unit
        } catch {
            // What an interrupt cuts short is not damaged.
            if isInterrupted, input.failure == nil { return nil }
            throw Self.jobError(error, name, input)
        }
    }

    /// Every picture of the stream can be decoded by itself.
    var isIntraOnly: Bool { demuxer.stream.isIntraOnly }

    /// What a decoder needs to know of a stream that libavcodec alone reads.
    func parameters() throws(JobError) -> SourceParameters {
        do throws(DemuxerError) { return try demuxer.parameters() } catch { throw Self.jobError(error, name, input) }
    }

    /// The next packet of such a stream; `nil` after the last.
    func nextPacket() throws(JobError) -> SourcePacket? {
        do throws(DemuxerError) {
            if let packet = try demuxer.nextPacket({ audio?.add($0) }) { return packet }
            try checkEnd()
        } catch {
            if isInterrupted, input.failure == nil { return nil }
            throw Self.jobError(error, name, input)
        }
        reportClock()
        reportSize()
        return nil
    }

    private func reportClock() {
        let count = demuxer.clockRestarts
        guard count > 0 else { return }
        let times = count == 1 ? "once" : "\(count) times"
        notices?.add("\(name): its clock restarts \(times); the times are continued")
    }

    private var length: Int { input.length ?? input.position }

    private func reportSize() {
        guard let remark, !isInterrupted, length < remark else { return }
        notices?.add("\(name): frames may be missing: it has \(length) of the \(remark) bytes in its metadata")
    }

    private func checkEnd() throws(DemuxerError) {
        if !isInterrupted, demuxer.stream.format == "mpegts", let bytes = TransportTail.partialPacket(in: input.tail) {
            throw .damaged("it is truncated: its last packet has \(bytes) of 188 bytes")
        }
        guard let extent, !isInterrupted, length < extent else { return }
        throw .damaged("it ends after \(length) of the \(extent) bytes in its header")
    }
}

extension MediaUnit {
    fileprivate init(_ packet: MediaPacket, place: String) {
        self.init(packet.data, place: place)
        (timestamp, decodeTimestamp, duration) = (packet.timestamp, packet.decodeTimestamp, packet.duration)
        (isDiscarded, description, alpha) = (packet.isDiscarded, packet.description, packet.alpha)
    }
}
