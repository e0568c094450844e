internal import Bitstream
internal import Jobs
internal import VideoTypes

/// A chunk on its way to the reader of the media.
struct AssembledChunk {
    var chunk: EncodedVideoChunk
    /// It shows a picture.
    var isShown: Bool
    /// An edit list leaves its picture out.
    var isLeftOut = false
    /// Its picture is dropped unless it is shown after the first complete one.
    var isUnrecovered = false
    /// Its picture is the first that is whole.
    var endsRecovery = false
}

/// Makes chunks of units: finds out their types, their times, and how to set up a decoder for them.
struct ChunkAssembly {
    private let name: String
    private let options: MediaOptions
    private let units: any MediaUnits
    private let head: MediaHead
    private let codec: VideoCodec
    private var setup: UnitReaderSetup
    private var reader: any UnitReading
    /// Chunks that wait for their times; `nil` if the file stores them.
    private var queue: MediaQueue?
    private var ready: AssembledChunk?
    private var config: DecoderConfig?
    /// Units without a picture, which belong to the next one.
    private var carried: [UInt8] = []
    private var isEnded = false
    private var unitsRead = 0

    private var start = StreamStart()
    /// Puts the fields of a frame into one chunk, in H.264 whose times are derived.
    private var fields: AVCFieldPairs?
    /// The unit after the one that is being read, which was read to know whether it is a field of it.
    private var unitAhead: MediaUnit?
    /// Why there was none.
    private var failureAhead: JobError?
    /// Metadata without a place in frames that was already reported.
    private var extras: Set<StreamExtra> = []
    /// Leading pictures of HEVC that no decoder shows.
    private var leadingPictures = 0
    /// Pictures that are dropped because they refer to others before the beginning of the stream.
    var skippedPictures: Int { leadingPictures + start.unitsMissed }
    /// The stream does not begin with a key picture, and the first chunk is the first that can be decoded all the same.
    var isMidway: Bool { start.isMidway }
    /// The file has times, but not of every picture.
    private var derivesTimes = false
    /// The time of the picture that was shown last, in codecs that show pictures in the order of decoding.
    private var lastShown: Int64?
    /// The first place before which pictures seem to be missing.
    private(set) var gap: String?
    /// The error that ended the input, if it was accepted as an end.
    private(set) var loss: JobError?

    init(_ opened: OpenedMedia, _ codec: VideoCodec, _ options: MediaOptions) throws(JobError) {
        (name, self.options, units, head) = (opened.name, options, opened.units, opened.head)
        self.codec = codec
        setup = UnitReaderSetup(codec)
        (setup.description, setup.framerate) = (head.description, options.framerate ?? head.framerate)
        setup.containerSize = head.size
        setup.needsOrder = !head.hasTimes && [.h264, .hevc].contains(codec)
        do throws(BitstreamError) { reader = try setup.makeReader() } catch { throw .media(opened.name, error) }
    }

    /// The rate of the stream, from the file or the bitstream.
    var framerate: FrameRate? {
        head.hasTimes ? head.framerate ?? reader.framerate : options.framerate ?? reader.framerate ?? .thirty
    }

    /// Neither the file nor the bitstream nor the user specifies the frame rate.
    var isRateAssumed: Bool { !head.hasTimes && options.framerate == nil && reader.framerate == nil }

    /// Two chunks may be one picture.
    var mayHaveFields: Bool { reader.mayHaveFields }

    /// The next chunk in decoding order; `nil` after the last.
    mutating func next() throws(JobError) -> AssembledChunk? {
        while true {
            if let chunk = takeReady() { return chunk }
            guard !isEnded else { return nil }
            do throws(JobError) {
                try advance()
            } catch {
                // What cannot be read at all is not partial.
                guard options.acceptPartial, unitsRead > 0 else { throw error }
                loss = error
                end()
            }
        }
    }

    private mutating func takeReady() -> AssembledChunk? {
        guard queue != nil else { return ready.take() }
        return queue?.next()
    }

    private mutating func end() {
        isEnded = true
        queue?.end()
    }

    private mutating func advance() throws(JobError) {
        guard let unit = try nextUnit() else { return end() }
        do throws(BitstreamError) {
            try take(unit)
        } catch {
            throw .media(name, error, in: unit.place)
        }
        unitsRead += 1
    }

    /// The next unit, with its second field if that is a unit of its own.
    private mutating func nextUnit() throws(JobError) -> MediaUnit? {
        if let failure = failureAhead.take() { throw failure }
        let isNew = unitAhead == nil
        guard var unit = try waitingOrNext() else { return nil }
        if unitsRead == 0, codec == .h264, unit.timestamp == nil, fields == nil {
            fields = AVCFieldPairs(description: head.description)
        }
        guard fields != nil else { return unit }
        if isNew { _ = fields?.isSecondField(unit.data) }
        guard fields?.mayHaveFields == true else { return unit }
        do throws(JobError) {
            guard let next = try units.next() else { return unit }
            if fields?.isSecondField(next.data) == true { unit.take(field: next) } else { unitAhead = next }
        } catch {
            failureAhead = error
        }
        return unit
    }

    private mutating func waitingOrNext() throws(JobError) -> MediaUnit? {
        if let waiting = unitAhead.take() { return waiting }
        return try units.next()
    }

    private mutating func take(_ unit: MediaUnit) throws(BitstreamError) {
        if let time = MediaTime.outOfBounds(unit.timestamp, unit.decodeTimestamp, unit.duration) {
            throw BitstreamError(.invalid, "a time of \(time) µs", at: .byte(0), expected: "one within 285 years of 0")
        }
        if unitsRead == 0 { try begin(with: unit) }
        if let description = unit.description, description != setup.description {
            setup.description = description
            reader = try setup.makeReader()
        }
        let summary = try reader.read(unit.data)
        note(summary.extras)
        guard summary.hasPicture else { return try carry(unit, summary) }
        guard !summary.isSkipped else {
            leadingPictures += 1
            return try carry(reader.parameterSets(of: unit.data))
        }
        if summary.followsGap { gap = gap ?? "before \(unit.place), by the numbers of its frames" }
        let wasMidway = start.isMidway
        let use = start.use(of: summary, at: place(summary, unit))
        guard use != .passedOver else { return try carry(reader.parameterSets(of: unit.data)) }
        let begins = start.isMidway && !wasMidway
        let type: EncodedVideoChunk.ChunkType = summary.isKey || begins ? .key : .delta
        if let said = unit.type, said != type {
            throw BitstreamError(.invalid, "a \(said) chunk", at: .byte(0), expected: "\(type), as its bytes have it")
        }
        var chunk = EncodedVideoChunk(type: type, timestamp: 0, duration: unit.duration, data: carried + unit.data)
        carried = []
        chunk.alphaData = unit.alpha
        chunk.decoderConfig = changedConfig()
        try deliver(chunk, summary, unit, isLeftOut: use == .leftOut)
    }

    /// Begins with values that only the container has, and determines whether the file has the times of all pictures: AVI and
    /// ASF have only decoding times, and MPEG program streams the times of some pictures.
    private mutating func begin(with unit: MediaUnit) throws(BitstreamError) {
        guard [.h264, .hevc].contains(codec) else { return }
        if head.hasTimes, unit.timestamp == nil || head.mayLackTimes {
            (derivesTimes, setup.needsOrder) = (true, true)
            reader = try setup.makeReader()
        }
        guard let sets = head.parameterSets, reader.parameterSets(of: unit.data).isEmpty else { return }
        _ = try reader.read(sets)
        try carry(sets)
    }

    /// When a unit is shown: its time, or its count without one.
    private func place(_ summary: UnitSummary, _ unit: MediaUnit) -> Int64? {
        if !setup.needsOrder { return unit.timestamp }
        switch summary.order {
        case .first(let count), .count(let count): return Int64(count)
        case nil: return nil
        }
    }

    /// Reports once which metadata has no place in frames.
    private mutating func note(_ found: Set<StreamExtra>) {
        guard let notices = options.notices, !found.isSubset(of: extras) else { return }
        for extra in StreamExtra.allCases where found.contains(extra) && !extras.contains(extra) {
            notices.add("\(name): \(extra.name) are dropped")
        }
        extras.formUnion(found)
    }

    private mutating func carry(_ unit: MediaUnit, _ summary: UnitSummary) throws(BitstreamError) {
        guard !unit.mustHavePicture, !summary.hasUnknown else {
            let what = "\(unit.data.count) bytes without a picture"
            throw BitstreamError(.invalid, what, at: .byte(0), expected: "a picture")
        }
        try carry(unit.data)
    }

    private mutating func carry(_ data: [UInt8]) throws(BitstreamError) {
        guard carried.count + data.count <= StreamLimit.unitBytes else {
            let expected = "at most \(StreamLimit.unitBytes)"
            throw BitstreamError(.invalid, "\(carried.count) bytes without a picture", at: .byte(0), expected: expected)
        }
        carried += data
    }

    private mutating func deliver(
        _ chunk: EncodedVideoChunk,
        _ summary: UnitSummary,
        _ unit: MediaUnit,
        isLeftOut: Bool
    ) throws(BitstreamError) {
        let isHidden = isLeftOut || unit.isDiscarded
        var made = AssembledChunk(chunk: chunk, isShown: summary.isShown && !isHidden, isLeftOut: isHidden)
        made.isUnrecovered = isLeftOut && !unit.isDiscarded && summary.isShown
        made.endsRecovery = start.endsRecovery
        guard !head.hasTimes || derivesTimes else {
            made.chunk = try timed(chunk, unit)
            if made.isShown { try checkOrder(made.chunk.timestamp) }
            ready = made
            return
        }
        if derivesTimes { made.chunk.decodeTimestamp = unit.decodeTimestamp }
        var queue = queue ?? makeQueue()
        try queue.append(made, summary.order, timestamp: unit.timestamp)
        self.queue = queue
    }

    private func makeQueue() -> MediaQueue {
        MediaQueue(
            derivesTimes ? .file : .rate(framerate ?? .thirty),
            depth: setup.needsOrder ? reader.reorderDepth : 0
        )
    }

    private func timed(_ chunk: EncodedVideoChunk, _ unit: MediaUnit) throws(BitstreamError) -> EncodedVideoChunk {
        var chunk = chunk
        let fallback = reader.reorderDepth == 0 ? unit.decodeTimestamp : nil
        guard let timestamp = unit.timestamp ?? fallback else {
            throw BitstreamError(.unsupported, "a picture without a time", at: .byte(0), expected: "its time")
        }
        chunk.timestamp = timestamp
        chunk.decodeTimestamp = unit.decodeTimestamp == timestamp ? nil : unit.decodeTimestamp
        return chunk
    }

    /// Chunks of VP8, VP9 and AV1 are shown in the order in which they are decoded: times that go back are those of chunks that
    /// are not in their places.
    private mutating func checkOrder(_ timestamp: Int64) throws(BitstreamError) {
        guard ![.h264, .hevc].contains(codec) else { return }
        if let lastShown, timestamp < lastShown {
            let found = "a picture at \(timestamp) µs after one at \(lastShown) µs"
            throw BitstreamError(.invalid, found, at: .byte(0), expected: "pictures in the order of their times")
        }
        lastShown = timestamp
    }

    /// How to set up a decoder, if that differs from the last configuration.
    private mutating func changedConfig() -> DecoderConfig? {
        guard var said = reader.decoderConfig else { return nil }
        said.orientation = head.orientation
        if let ratio = head.pixelAspectRatio { said.pixelAspectRatio = ratio }
        if let color = head.colorSpace { said.colorSpace = said.colorSpace.completed(by: color, codec) }
        guard said != config else { return nil }
        config = said
        return said
    }
}
