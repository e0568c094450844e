import Sluice
import VideoTypes

extension FuzzTarget {
    /// A configuration as a whole: validated, opened, and two frames encoded; each codec on its own.
    static let configurations = [
        ("h264", VideoCodec.h264), ("hevc", .hevc), ("vp8", .vp8), ("vp9", .vp9), ("av1", .av1),
    ]
    .map { name, codec in
        FuzzTarget("config-\(name)") { bytes in
            var values = ConfigBytes(bytes)
            try encode(values.config(codec))
        }
    }
}

/// A configuration from bytes: each field takes the next one, and its default after the last.
private struct ConfigBytes {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    private mutating func byte() -> Int { Int(rest.popFirst() ?? 0) }
    private mutating func word() -> Int { byte() << 8 | byte() }
    private mutating func choice<Value>(_ values: [Value]) -> Value { values[byte() % values.count] }
    /// A field that is left out, more often than not.
    private mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? {
        byte() % 3 == 1 ? value(&self) : nil
    }
    private mutating func text() -> String {
        let count = byte() % 16
        defer { rest = rest.dropFirst(count) }
        return String(decoding: rest.prefix(count), as: UTF8.self)
    }

    mutating func config(_ codec: VideoCodec) -> EncoderConfig {
        // Large enough for every block size, and small enough for many runs a second.
        let (width, height) = (byte(), byte())
        var config = EncoderConfig(codec: .lowest(codec), width: width, height: height)
        if let odd = maybe({ ($0.word() - 1000) &* $0.word() }) { config.codedHeight = odd }
        config.chroma = choice([.yuv420, .yuv420, .yuv422, .yuv444])
        config.bitDepth = choice([8, 8, 8, 10, 12, byte()])
        config.framerate = maybe { FrameRate($0.word(), $0.choice([1, 1, 1001, $0.word()])) } ?? .thirty
        config.latencyMode = choice([.realtime, .quality])
        config.bitrateMode = choice([.variable, .constant, .quantizer])
        config.bitrate = maybe { ($0.word() - 10) &* $0.choice([1, 1000, 1_000_000]) }
        config.quantizer = maybe { $0.byte() - 1 }
        config.quantizerIndex = maybe { $0.word() - 1 }
        config.constantQuality = maybe { Double($0.byte()) / 4 - 1 }
        config.scalabilityMode = choice([.l1t1, .l1t1, .l1t2, .l1t3])
        config.keyFrameInterval = maybe { $0.word() - 1 }
        config.threads = maybe { $0.byte() % 8 - 1 }
        config.preset = maybe { $0.choice(["ultrafast", "veryfast", "0", "8", "10", $0.text()]) }
        if let option = maybe({ EncoderOption(key: $0.text(), value: $0.text()) }) { config.encoderOptions = [option] }
        config.avcFormat = choice([.annexB, .avc])
        config.hevcFormat = choice([.annexB, .hevc])
        config.isSegment = byte() == 1
        if let text = maybe({ $0.text() }) { config.codec = .exact(text) }
        return config
    }
}

private func encode(_ config: EncoderConfig) throws {
    let validated = try ValidatedEncoderConfig(config)
    guard validated.size.width <= 512, validated.size.height <= 512 else { return }
    let encoder = VideoEncoder { chunk in require(!chunk.data.isEmpty, "an empty chunk") }
    defer { try? encoder.close() }
    try encoder.configure(config)
    let values = validated.values
    let format = PixelFormat.planar(values.chroma, bitDepth: values.bitDepth)
    guard let layout = PictureLayout(format: format, size: validated.size) else { return }
    for number in 0..<2 {
        var buffer = PlaneBuffer(byteCount: layout.byteCount)
        buffer.withMutableBytes { bytes in
            for place in 0..<bytes.byteCount {
                bytes.storeBytes(of: UInt8(place & 3), toByteOffset: place, as: UInt8.self)
            }
        }
        try encoder.submit(
            VideoFrame(layout: layout, buffer: buffer, timestamp: Int64(number) * 33_333, duration: 33_333)
        )
    }
    try encoder.flush()
}
