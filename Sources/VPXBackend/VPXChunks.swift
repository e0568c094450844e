internal import Bitstream
internal import VideoTypes

/// Makes chunks of packets: each with its frame's times, the values of its header, and its transparency.
struct VPXChunks {
    private let codec: VideoCodec
    private var reader: VPXStreamReader
    private var watch: VP9RateWatch?
    private var rateWatch: LevelRateWatch?
    private var lastConfig: DecoderConfig?
    private var ready: EncodedVideoChunk?

    init(_ parameters: VPXParameters) {
        codec = parameters.codec
        reader = VPXStreamReader(parameters.config, promised: parameters.string)
        if let level = parameters.promisedLevel, !parameters.isFixedQuantizer {
            watch = VP9RateWatch(level, codec: parameters.config.values.codec.description)
        }
        guard parameters.config.values.framerate == nil, let string = parameters.string else { return }
        rateWatch = LevelRate(.vp9(string), parameters.config.size).map(LevelRateWatch.init)
    }

    /// The chunk that was made last, once.
    mutating func next() -> EncodedVideoChunk? { ready.take() }

    /// Makes the chunk of a frame at these times.
    mutating func make(
        _ picture: VPXPacket,
        _ transparency: VPXPacket?,
        layer: Int,
        timestamp: Int64,
        duration: Int64?
    ) throws(EncoderError) {
        let unit = try read(picture.data)
        guard picture.isKey == unit.isKey, !unit.isKey || layer == 0, !unit.isKey || transparency?.isKey != false
        else { throw .codec(operation: "vpx_codec_encode made an unexpected key frame", status: -1) }
        try watch?.take(picture.data.count, at: timestamp)
        try checkRate(at: timestamp)
        let type: EncodedVideoChunk.ChunkType = unit.isKey ? .key : .delta
        var chunk = EncodedVideoChunk(type: type, timestamp: timestamp, duration: duration, data: picture.data)
        chunk.alphaData = transparency?.data
        chunk.temporalLayerId = layer
        chunk.quantizerIndex = unit.quantizerIndex
        chunk.quantizer = unit.quantizerIndex.flatMap(QuantizerScale(codec).level(ofIndex:))
        if let config = reader.decoderConfig, config != lastConfig {
            (chunk.decoderConfig, lastConfig) = (config, config)
        }
        ready = chunk
    }

    /// Reads the header of the frame that a packet shows.
    private mutating func read(_ packet: [UInt8]) throws(EncoderError) -> VPXUnit {
        do throws(BitstreamError) {
            let unit = try reader.read(packet)
            guard codec == .vp8 || unit.showsLastOnly else {
                let what = "a chunk of several shown frames, or none"
                throw BitstreamError(.invalid, what, at: .byte(0), expected: "one that is shown, the last")
            }
            return unit
        } catch {
            throw .codec(operation: "reading libvpx's packet: \(error)", status: -1)
        }
    }

    /// Throws if more frames come within a second than the level has room for.
    private mutating func checkRate(at timestamp: Int64) throws(EncoderError) {
        do throws(EncoderConfigError) {
            try rateWatch?.take(timestamp)
        } catch {
            throw .config(error)
        }
    }
}
