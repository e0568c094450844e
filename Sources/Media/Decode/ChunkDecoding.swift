internal import Bitstream
internal import EncoderCore
internal import Encoders
internal import Jobs
internal import Threading
internal import VideoTypes

/// Decodes the chunks of a codec that Sluice itself reads: reading on the thread that runs it, decoding on the decoder's.
final class ChunkDecoding: MediaDecoding {
    private let reader: Monitor<MediaReader>
    private let options: DecoderOptions
    private let outlet: FrameOutlet
    private let decoder: VideoDecoder

    let info: MediaInfo
    var countsPictures: Bool { !info.mayHaveFields }

    /// - Parameters:
    ///   - reader: The chunks.
    ///   - options: The form of the frames. Transparency is kept where the first chunk has it.
    ///   - outlet: Where they go.
    init(_ reader: consuming sending MediaReader, _ options: DecoderOptions, _ outlet: FrameOutlet) {
        info = reader.info
        var options = options
        if !info.hasAlpha || ![.vp8, .vp9].contains(reader.codec) { options.alpha = .discard }
        self.reader = Monitor(reader)
        (self.options, self.outlet) = (options, outlet)
        decoder = VideoDecoder(
            queue: QueueLimits(soft: 8, hard: 8, maxBytes: 64 << 20),
            frames: FrameOutlet.frames,
            output: { decoded in try outlet.deliver(decoded) }
        )
    }

    func close() { try? decoder.close() }

    func run() throws(MediaFailure) {
        let failure = reader.withLock { reader -> MediaFailure? in
            var failure: MediaFailure?
            do throws(MediaFailure) {
                try pump(&reader)
            } catch {
                failure = error
            }
            let (loss, skipped, gap) = (reader.loss, reader.skippedPictures, reader.gap)
            outlet.outcome.withLock {
                $0.loss = $0.loss ?? loss
                $0.skipped = skipped
                $0.numberGap = gap
            }
            return failure
        }
        if let failure { throw failure }
    }

    private func pump(_ reader: inout MediaReader) throws(MediaFailure) {
        var latest: DecoderConfig?
        var isMidway = reader.info.isMidway
        while let chunk = try reading({ () throws(JobError) in try reader.next() }) {
            let isFirst = latest == nil
            let isNew = chunk.decoderConfig.map { isFirst || $0.description != latest?.description } ?? false
            latest = chunk.decoderConfig ?? latest
            // From a key picture on that has all that it takes, a decoder can be strict.
            let endsMidway = isMidway && !isFirst && chunk.type == .key && chunk.hasParameterSets(latest)
            if endsMidway { isMidway = false }
            if isNew || endsMidway, let latest {
                try configure(latest, isMidway: isMidway)
            }
            note(chunk, of: reader)
            try decoding { () throws(DecoderError) in try decoder.submit(chunk) }
        }
        try decoding { () throws(DecoderError) in try decoder.flush() }
    }

    private func note(_ chunk: EncodedVideoChunk, of reader: borrowing MediaReader) {
        let (skipped, endsRecovery) = (reader.skippedPictures, reader.endsRecovery)
        let (isShown, isLeftOut, isUnrecovered) = (reader.isShown, reader.isLeftOut, reader.isUnrecovered)
        outlet.outcome.withLock { outcome in
            if endsRecovery { outcome.recover(at: chunk.timestamp) }
            outcome.skipped = skipped
            if isUnrecovered { outcome.unrecovered.insert(chunk.timestamp) }
            outcome.shown += isShown ? 1 : 0
            outcome.bytes += chunk.data.count
            if isShown { outcome.sizes[chunk.timestamp] = chunk.data.count }
            if isLeftOut { outcome.leftOut.insert(chunk.timestamp) }
        }
    }

    private func configure(_ config: DecoderConfig, isMidway: Bool) throws(MediaFailure) {
        var options = options
        options.isMidway = isMidway
        try decoding { [options] () throws(DecoderError) in try decoder.configure(config, options: options) }
    }
}

extension MediaDecoding {
    /// Has an error of the reading as what ends it.
    func reading<Value: ~Copyable>(_ body: () throws(JobError) -> Value) throws(MediaFailure) -> Value {
        do throws(JobError) { return try body() } catch { throw .reading(error) }
    }

    /// Has an error of the decoder as what ends it.
    func decoding<Value: ~Copyable>(_ body: () throws(DecoderError) -> Value) throws(MediaFailure) -> Value {
        do throws(DecoderError) { return try body() } catch { throw .decoding(error) }
    }
}

extension EncodedVideoChunk {
    /// A decoder needs no earlier data.
    fileprivate func hasParameterSets(_ config: DecoderConfig?) -> Bool {
        guard config?.description == nil else { return true }
        let starts = AnnexB.split(data).compactMap(\.first)
        let isHEVC = config?.codec.hasPrefix("h") == true
        return isHEVC
            ? starts.contains { HEVCNALUnitType(firstByte: $0) == .sequenceParameterSet }
            : starts.contains { NALUnitType(firstByte: $0) == .sequenceParameterSet }
    }
}
