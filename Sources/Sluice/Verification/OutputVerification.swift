internal import LibAV
internal import VideoTypes

/// Decodes an output that has no name yet, and counts, orders and times its pictures.
struct OutputVerification {
    /// What to decode.
    let file: FilePath
    /// How it is read.
    let options: MediaOptions
    /// How much of a time the format may round away, in microseconds; `nil` if it has no times at all.
    let tolerance: Int64?
    let interrupt: Interrupt

    /// Decodes everything.
    ///
    /// - Parameters:
    ///   - frames: How many there must be.
    ///   - check: Is given each picture with its number, in presentation order, and says what its time should be.
    /// - Throws: ``JobError/verification(_:)``, and whatever `check` throws.
    func run(frames: Int, check: (Int, borrowing VideoFrame) throws(JobError) -> Int64?) throws(JobError) {
        var reader = try open()
        var count = 0
        var decoder = try decoding { () throws(DecoderError) in try LibAVDecoder(reader.info.decoderConfig) }
        while let chunk = try next(of: &reader), !interrupt.isTriggered {
            try decoding { () throws(DecoderError) in try decoder.submit(chunk) }
            try takeFrames(of: &decoder, &count, of: frames, check)
        }
        guard !interrupt.isTriggered else { return }
        try decoding { () throws(DecoderError) in try decoder.drain() }
        try takeFrames(of: &decoder, &count, of: frames, check)
        guard count == frames else { throw .verification(.frameCount(decoded: count, encoded: frames)) }
    }

    private func takeFrames(
        of decoder: inout LibAVDecoder,
        _ count: inout Int,
        of frames: Int,
        _ check: (Int, borrowing VideoFrame) throws(JobError) -> Int64?
    ) throws(JobError) {
        while let decoded = try decoding({ () throws(DecoderError) in try decoder.nextFrame() }) {
            // The rest is counted, to say how many there are.
            if count < frames {
                try checkTime(decoded.frame.timestamp, of: count, is: check(count, decoded.frame))
            }
            count += 1
        }
    }

    private func checkTime(_ actual: Int64, of frame: Int, is expected: Int64?) throws(JobError) {
        guard let expected, let tolerance, (actual - expected).magnitude > tolerance else { return }
        throw .verification(.timestamp(frame: frame, actual: actual, expected: expected))
    }

    private func open() throws(JobError) -> MediaReader {
        try reading { () throws(JobError) in
            try MediaReader(opening: .path(file), options: options, interrupt: interrupt)
        }
    }

    private func next(of reader: inout MediaReader) throws(JobError) -> EncodedVideoChunk? {
        try reading { () throws(JobError) in try reader.next() }
    }

    /// Whatever is wrong with the output is a failure of the verification, and not of an input.
    private func reading<Result: ~Copyable>(_ body: () throws(JobError) -> Result) throws(JobError) -> Result {
        do throws(JobError) { return try body() } catch { throw .verification(.damaged(error.description)) }
    }

    private func decoding<Result: ~Copyable>(_ body: () throws(DecoderError) -> Result) throws(JobError) -> Result {
        do throws(DecoderError) { return try body() } catch { throw .verification(.damaged(error.description)) }
    }
}
