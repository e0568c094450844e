internal import Bitstream
internal import LibAV
internal import VideoTypes

/// IVF: frames with times in the file's time base.
struct IVFUnitRules: StreamUnitRules {
    private static let codecs = ["VP80": VideoCodec.vp8, "VP90": .vp9, "AV01": .av1]

    private var units = 0
    private var first: Int64?
    private var last: Int64?
    private var longestStep: Int64 = 0

    mutating func unit(_ unit: StreamUnit, _ splitter: IVFReader) throws(BitstreamError) -> MediaUnit {
        var made = MediaUnit(unit.bytes, place: "frame \(units)")
        made.mustHavePicture = true
        guard let header = splitter.header, let timestamp = unit.timestamp else { return made }
        made.timestamp = try Self.microseconds(timestamp, header, at: unit.offset)
        if let last { longestStep = max(longestStep, timestamp.subtractingReportingOverflow(last).partialValue) }
        (first, last, units) = (first ?? timestamp, timestamp, units + 1)
        return made
    }

    /// The count in the header is the number of frames (libvpx), or their duration in the time base (FFmpeg). Writers to a pipe
    /// leave 0, all bits 1, or an invented number. So a count that is neither is not a sign of damage, as for all other
    /// readers, but causes a warning.
    func discrepancy(_ splitter: IVFReader) -> String? {
        guard let claim = splitter.header.flatMap(Self.claim), claim != units else { return nil }
        if let first, let last, longestStep > 0 {
            let span = last.subtractingReportingOverflow(first)
            let whole = span.partialValue.addingReportingOverflow(longestStep)
            let isUnits = !span.overflow && (whole.overflow || Int64(claim) <= whole.partialValue)
            guard !isUnits || Int64(claim) <= span.partialValue else { return nil }
        }
        return
            "its header has a frame count of \(claim), but \(Quantity.count(units, "frame")) \(units == 1 ? "was" : "were") read"
    }

    /// The count in the header, if it is one.
    private static func claim(_ header: IVFReader.Header) -> Int? {
        [0, 0xFFFF_FFFF].contains(header.frameCount) ? nil : header.frameCount
    }

    /// What the header specifies about the stream.
    static func head(_ header: IVFHeader) throws(BitstreamError) -> MediaHead {
        guard let codec = codecs[header.fourCC] else {
            throw BitstreamError(.unsupported, "codec \(header.fourCC)", at: .byte(8), expected: "VP80, VP90 or AV01")
        }
        var head = MediaHead(codec)
        head.hasTimes = true
        let unit = 500_000 * UInt64(max(0, header.timeBase.numerator)) / UInt64(max(1, header.timeBase.denominator))
        head.clockError = max(1, Int64(clamping: unit))
        // A time base that can be a frame's is one, with most writers; others count in milliseconds or finer.
        let rate = FrameRate(header.timeBase.denominator, header.timeBase.numerator)
        guard let rate, rate.approximate <= 300 else { return head }
        (head.framerate, head.hasConstantRate) = (rate, true)
        head.frameCount = [0, 0xFFFF_FFFF].contains(header.frameCount) ? nil : header.frameCount
        return head
    }

    private static func microseconds(
        _ timestamp: Int64,
        _ header: IVFReader.Header,
        at offset: Int
    ) throws(BitstreamError) -> Int64 {
        let (numerator, denominator) = (UInt64(header.timeBaseNumerator), UInt64(header.timeBaseDenominator))
        let product = timestamp.magnitude.multipliedFullWidth(by: numerator * 1_000_000)
        guard denominator > 0, numerator > 0, product.high < denominator else {
            let what = "the time \(timestamp) in units of \(numerator)/\(denominator) s"
            throw BitstreamError(.invalid, what, at: .byte(offset), expected: "a time of 63 bits in microseconds")
        }
        let (quotient, remainder) = denominator.dividingFullWidth(product)
        let rounded = Int64(clamping: quotient + (remainder >= denominator - remainder ? 1 : 0))
        return timestamp < 0 ? -rounded : rounded
    }
}
