internal import Encoders
internal import Filters
internal import Media
internal import VideoTypes

extension MemoryModel {
    /// The model of an encode whose picture and encoder are known.
    init(_ plan: EncodePlan) {
        self.init(
            encoder: plan.backend.memory(of: plan.config.codec.codec),
            size: plan.target.size,
            pictureBytes: plan.target.byteCount
        )
    }

    /// The model of a job whose picture is not known: full HD unless a stream specifies its size. A picture is taken to be half
    /// as much more: its chroma and depth may be more than they are taken to be.
    init(_ job: EncodeJob, coded size: PictureSize? = nil) {
        let source = size ?? job.input.size ?? PictureSize(width: 1920, height: 1080)
        let encoded = job.picture.scale ?? job.filters.knownSize ?? source
        let codec = job.likelyCodec
        self.init(
            encoder: job.likelyBackend?.memory(of: codec) ?? .other(codec),
            size: encoded,
            pictureBytes: job.bytes(encoded) * 3 / 2,
            decodedBytes: job.bytes(source),
            // The libraries take 16 MiB; graphs that look across pictures keep a few.
            filterBytes: job.hasFilters(nil) ? (24 << 20) + 24 * job.bytes(source) : 0
        )
    }
}

extension EncodeJob {
    /// The codec that will be used, unless a later check refuses it.
    var likelyCodec: VideoCodec { (try? CodecRequest(config.codec).codec) ?? .h264 }

    /// The encoder that will be used, unless a later check refuses it.
    var likelyBackend: BackendDescriptor? {
        let candidates = BackendRegistry.encoders(of: likelyCodec)
        guard let name = config.encoder else { return candidates.first { !$0.isHardware } }
        return candidates.first { $0.name == name }
    }

    fileprivate func bytes(_ size: PictureSize) -> Int {
        size.width * size.height * 3 / 2 * ((picture.bitDepth ?? 8) > 8 ? 2 : 1)
    }
}
