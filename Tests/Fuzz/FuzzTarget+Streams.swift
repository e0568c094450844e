import Bitstream
import VideoTypes

extension FuzzTarget {
    /// Streams, cut into units, and what is in those.
    static let streams = [
        FuzzTarget("ivf") { bytes in
            _ = try? IVFHeader(parsing: bytes[...])
            checkSplitting(bytes) { IVFReader(limit: limit) }
        },
        FuzzTarget("pictures") { bytes in
            checkSplitting(bytes) { PictureSplitter(limit: limit) }
            if let format = PictureFormat(beginningWith: bytes) { _ = try? format.missingBytes(in: bytes) }
        },
        FuzzTarget("format-ends") { bytes in
            var end = FormatEnd()
            end.take(bytes.span.bytes, at: 0)
            for format in ["gif", "ogg", "dv", "dirac", "mxf"] {
                _ = end.truncation(of: format, length: bytes.count)
                _ = end.isCut(format, packetEnd: bytes.count, length: bytes.count)
            }
        },
        FuzzTarget("annexb") { bytes in
            _ = AnnexB.split(bytes)
            checkSplitting(bytes) { AnnexBSplitter(isHEVC: false, limit: limit) }
            checkSplitting(bytes) { AnnexBSplitter(isHEVC: true, limit: limit) }
        },
        FuzzTarget("avcc") { bytes in
            let size = [1, 2, 4][Int(bytes.first ?? 0) % 3]
            let rest = Array(bytes.dropFirst())
            _ = try? LengthPrefixed.split(rest, lengthSize: size)
            checkSplitting(rest) { LengthPrefixedSplitter(isHEVC: false, lengthSize: size, limit: limit) }
            checkSplitting(rest) { LengthPrefixedSplitter(isHEVC: true, lengthSize: size, limit: limit) }
        },
        FuzzTarget("obu") { bytes in
            checkSplitting(bytes) { TemporalUnitSplitter(limit: limit) }
            checkSplitting(bytes) { AV1AnnexBSplitter(limit: limit) }
            _ = try? AV1CodecConfigurationRecord(parsing: bytes)
            try readUnits(bytes, UnitReaderSetup(.av1), TemporalUnitSplitter(limit: limit))
        },
        FuzzTarget("avc") { bytes in
            for nalUnit in AnnexB.split(bytes).prefix(16) {
                let sps = try? SequenceParameterSet(parsing: nalUnit)
                if let sps { _ = try? PictureParameterSet(parsing: nalUnit, sps: sps) }
            }
            var ids = IDRPictureIDs(isLengthPrefixed: false)
            _ = try? ids.distinct(bytes)
            try readUnits(bytes, ordered(.h264), AnnexBSplitter(isHEVC: false, limit: limit))
        },
        FuzzTarget("hevc") { bytes in
            for nalUnit in AnnexB.split(bytes).prefix(16) {
                _ = try? HEVCVideoParameterSet(parsing: nalUnit)
                _ = try? HEVCSequenceParameterSet(parsing: nalUnit)
                _ = try? HEVCPictureParameterSet(parsing: nalUnit)
            }
            try readUnits(bytes, ordered(.hevc), AnnexBSplitter(isHEVC: true, limit: limit))
        },
        FuzzTarget("vp8") { bytes in
            _ = try? VP8FrameHeader(parsing: bytes)
            var reader = try UnitReaderSetup(.vp8).makeReader()
            _ = try reader.read(bytes)
        },
        FuzzTarget("vp9") { bytes in
            for frame in (try? VP9Superframe.split(bytes)) ?? [] { _ = try? VP9FrameHeader(parsing: frame) }
            _ = try? VP9FrameHeader(parsing: bytes[...])
            var reader = try UnitReaderSetup(.vp9).makeReader()
            _ = try reader.read(bytes)
        },
        FuzzTarget("layers") { bytes in
            let codec = VideoCodec.allCases[Int(bytes.first ?? 0) % VideoCodec.allCases.count]
            let mode = [nil, ScalabilityMode.l1t2, .l1t3][Int(bytes.dropFirst().first ?? 0) % 3]
            var layers = try TemporalLayers(codec: codec, mode: mode)
            let units = bytes.dropFirst(2).split(separator: 0xff)
            for unit in units { _ = try layers.layer(of: Array(unit)) }
        },
    ]

    private static func ordered(_ codec: VideoCodec) -> UnitReaderSetup {
        var setup = UnitReaderSetup(codec)
        setup.needsOrder = true
        return setup
    }
}

/// What a unit may grow to here: little, so that the bound itself is tried.
private let limit = 2000

/// The units of a stream, given piece by piece, and what ended it.
private func units(_ bytes: [UInt8], _ pieces: Int, _ splitter: some StreamSplitter) -> ([StreamUnit], Bool) {
    var (splitter, found) = (splitter, [StreamUnit]())
    do {
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            splitter.append(bytes[start..<min(start + pieces, bytes.count)])
            while let unit = try splitter.next() { found.append(unit) }
        }
        while let unit = try splitter.end() { found.append(unit) }
        return (found, true)
    } catch {
        return (found, false)
    }
}

/// For all sizes of input pieces, the units are the same, and at their stated positions in the stream.
private func checkSplitting(_ bytes: [UInt8], _ make: () -> some StreamSplitter) {
    let (whole, ended) = units(bytes, max(1, bytes.count), make())
    let (pieces, endedInPieces) = units(bytes, 7, make())
    guard ended, endedInPieces else { return }
    require(whole == pieces, "\(whole.count) units of a whole, and \(pieces.count) of pieces")
    for unit in whole { require(unit.offset >= 0 && unit.offset <= bytes.count, "a unit at \(unit.offset)") }
}

private func readUnits(_ bytes: [UInt8], _ setup: UnitReaderSetup, _ splitter: some StreamSplitter) throws {
    var reader = try setup.makeReader()
    var order = PresentationOrder(depth: 4)
    for unit in units(bytes, max(1, bytes.count), splitter).0.prefix(32) {
        guard let summary = try? reader.read(unit.bytes) else { continue }
        if let place = summary.order { _ = try? order.append(place) }
        _ = (reader.decoderConfig, reader.framerate, reader.reorderDepth)
    }
    _ = order.end()
}
