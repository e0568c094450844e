import Bitstream
import Sluice
import VideoTypes

extension FuzzTarget {
    /// What people and headers write.
    static let texts = [
        FuzzTarget("codec-string") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            checkRoundTrip(text, AVCCodecString.init(_:))
            checkRoundTrip(text, HEVCCodecString.init(_:))
            checkRoundTrip(text, VP9CodecString.init(_:))
            checkRoundTrip(text, AV1CodecString.init(_:))
            _ = try ValidatedEncoderConfig(EncoderConfig(codec: .exact(text), width: 640, height: 360))
        },
        FuzzTarget("values") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if let rate = FrameRate(text) {
                _ = (rate.timestamp(ofFrame: .max), rate.timestamp(ofFrame: 1), rate.duration(ofFrame: .max / 2))
            }
            _ = (PictureSize(text), ScalabilityMode(text), MasteringDisplay(text), ContentLightLevel(text))
        },
        FuzzTarget("y4m") { bytes in
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
            for line in lines.dropFirst().prefix(4) { try? Y4MFrameHeader.check(line) }
            let header = try Y4MHeader(parsing: lines.first ?? [])
            require(header.size.width > 0 && header.size.height > 0, "a header of \(header.size)")
        },
        FuzzTarget("frame-options") { bytes in
            for codec in VideoCodec.allCases { _ = try? FrameOptionsFile.parse(bytes, for: codec, name: "options") }
        },
        FuzzTarget("frame-times") { bytes in
            guard let times = try? FrameTimesFile.parse(bytes, name: "times") else { return }
            require(zip(times.timestamps, times.timestamps.dropFirst()).allSatisfy { $0 < $1 }, "times go back")
        },
        FuzzTarget("chapters") { bytes in
            guard let chapters = try? ChapterFile.parse(bytes, name: "chapters") else { return }
            require(zip(chapters, chapters.dropFirst()).allSatisfy { $0.start < $1.start }, "chapters go back")
        },
        FuzzTarget("chunk-lines") { bytes in
            for line in bytes.split(separator: UInt8(ascii: "\n")) { _ = try? ReadChunkLine(parsing: line) }
        },
    ]
}

/// What is read as something is written as something that is read as the same.
private func checkRoundTrip<Value: Equatable & CustomStringConvertible>(_ text: String, _ parse: (String) -> Value?) {
    guard let value = parse(text) else { return }
    require(parse(value.description) == value, "\(text) is read as \(value), and that as something else")
}
