internal import Bitstream
package import CFFmpeg

/// A stream of audio as it is in a container: enough to write it into another one without decoding it.
package struct AudioStream: Sendable {
    /// libavcodec's name of the codec, such as `aac`.
    package let codec: String
    /// Samples a second; the unit of all times of the stream's packets is one of them.
    package let sampleRate: Int
    /// The language, as the container stores it; `nil` without one.
    package internal(set) var language: String?
    /// Everything that a container stores about the codec.
    package let parameters: StreamParameters
    /// libavformat's flags: default, commentary and so on.
    package internal(set) var disposition: CInt
    /// What people call the stream: `title`, `handler_name`.
    package internal(set) var names: [String: String]
    /// The container can store the priming of a decoder: the edit list of MP4 and related formats.
    package let saysPriming: Bool
    /// The values of the headers of AAC frames, which are removed; `nil` for frames without headers.
    let adts: AACConfig?

    /// How many channels it has.
    package var channels: Int { parameters.channels }

    /// Calls a function with libavutil's layout of the channels.
    package func withLayout<Result>(_ body: (UnsafePointer<AVChannelLayout>) -> Result) -> Result {
        unsafe parameters.withLayout(body)
    }

    /// The same stream with other words: those that are `nil` stay.
    package func named(language: String?, title: String?, isDefault: Bool?) -> AudioStream {
        var stream = self
        stream.language = language ?? self.language
        if let title { stream.names["title"] = title }
        guard let isDefault else { return stream }
        stream.disposition = isDefault ? disposition | AV_DISPOSITION_DEFAULT : disposition & ~AV_DISPOSITION_DEFAULT
        return stream
    }

    /// Samples in microseconds, rounded to the nearest.
    package func microseconds(_ samples: Int64) -> Int64 { av_rescale(samples, 1_000_000, Int64(sampleRate)) }

    /// Microseconds in samples, rounded to the nearest.
    package func samples(_ microseconds: Int64) -> Int64 { av_rescale(microseconds, Int64(sampleRate), 1_000_000) }
}

/// A packet of audio, in the order of decoding, which is that of presentation.
package struct AudioPacket: Sendable {
    /// Data for decoders that belongs to a packet, such as how many of its samples to skip.
    package struct SideData: Sendable {
        package let type: AVPacketSideDataType.RawValue
        package let bytes: [UInt8]
    }

    /// The number of its stream among those of audio, from 0.
    package var stream: Int
    /// The time of its first sample, in samples. Below 0 for samples that only prime a decoder.
    package var time: Int64
    /// Samples that it contains; 0 if unknown.
    package let duration: Int64
    /// The bytes.
    package let data: [UInt8]
    package let isKey: Bool
    package let sideData: [SideData]

    /// Samples at the packet's beginning that players skip.
    package var skippedSamples: Int64 {
        guard let skip = sideData.first(where: { $0.type == AV_PKT_DATA_SKIP_SAMPLES.rawValue }) else { return 0 }
        // The first of its numbers, whose lowest byte comes first.
        return skip.bytes.prefix(4).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
    }
}

extension AudioStream {
    /// What an encoder gives out, for a container.
    ///
    /// - Parameters:
    ///   - encoder: The encoder, which is open.
    ///   - source: The stream that it is made of.
    package init(encodedBy encoder: UnsafePointer<AVCodecContext>, from source: AudioStream) throws(DemuxerError) {
        parameters = try unsafe StreamParameters(of: encoder)
        codec = unsafe String(cString: avcodec_get_name(encoder.pointee.codec_id))
        sampleRate = Int(unsafe encoder.pointee.sample_rate)
        (language, disposition, names) = (source.language, source.disposition, source.names)
        (saysPriming, adts) = (true, nil)
    }
}

extension AudioPacket {
    /// A packet of an encoder's.
    package init(encoded packet: UnsafePointer<AVPacket>) {
        stream = 0
        time = unsafe packet.pointee.pts
        duration = unsafe packet.pointee.duration
        data = unsafe Array(UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        isKey = true
        sideData = unsafe SideData.all(of: packet)
    }
}

/// Sole owner of one `AVCodecParameters`, which is never changed.
@safe
package final class StreamParameters: Sendable {
    // SAFETY: written before it is shared, and only read after that.
    private nonisolated(unsafe) let pointer: UnsafeMutablePointer<AVCodecParameters>

    /// A copy.
    init(copying original: UnsafePointer<AVCodecParameters>) throws(DemuxerError) {
        guard let pointer = unsafe avcodec_parameters_alloc() else { throw .outOfMemory("avcodec_parameters_alloc") }
        unsafe self.pointer = pointer
        guard unsafe avcodec_parameters_copy(pointer, original) >= 0 else {
            throw .outOfMemory("avcodec_parameters_copy")
        }
    }

    /// Those of what an encoder gives out.
    init(of encoder: UnsafePointer<AVCodecContext>) throws(DemuxerError) {
        guard let pointer = unsafe avcodec_parameters_alloc() else { throw .outOfMemory("avcodec_parameters_alloc") }
        unsafe self.pointer = pointer
        guard unsafe avcodec_parameters_from_context(pointer, encoder) >= 0 else {
            throw .outOfMemory("avcodec_parameters_from_context")
        }
    }

    /// Those of video of a codec, with nothing else known.
    init(video codec: AVCodecID) throws(DemuxerError) {
        guard let pointer = unsafe avcodec_parameters_alloc() else { throw .outOfMemory("avcodec_parameters_alloc") }
        unsafe self.pointer = pointer
        unsafe pointer.pointee.codec_type = AVMEDIA_TYPE_VIDEO
        unsafe pointer.pointee.codec_id = codec
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecParameters>? = unsafe pointer
        unsafe avcodec_parameters_free(&pointer)
    }

    /// Sets the decoder's configuration if the original does not have it. The parameters are not shared yet.
    func setExtradata(_ bytes: [UInt8]) throws(DemuxerError) {
        guard unsafe cffmpeg_set_extradata(pointer, bytes, bytes.count) >= 0 else { throw .outOfMemory("av_mallocz") }
    }

    /// What AAC would have in the headers of its frames; `nil` for what has none.
    var aacConfig: AACConfig? {
        guard unsafe pointer.pointee.codec_id == AV_CODEC_ID_AAC else { return nil }
        // The profile is one less than the object type; types other than the first four extend AAC LC.
        let profile = unsafe pointer.pointee.profile
        return unsafe AACConfig(
            objectType: (0...3).contains(profile) ? UInt8(profile) + 1 : 2,
            sampleRate: Int(pointer.pointee.sample_rate),
            channels: Int(pointer.pointee.ch_layout.nb_channels)
        )
    }

    var channels: Int { Int(unsafe pointer.pointee.ch_layout.nb_channels) }

    func withLayout<Result>(_ body: (UnsafePointer<AVChannelLayout>) -> Result) -> Result {
        unsafe withUnsafePointer(to: &pointer.pointee.ch_layout) { unsafe body($0) }
    }

    package var codec: AVCodecID { unsafe pointer.pointee.codec_id }

    /// Samples that a decoder returns before the first valid one, if the codec itself stores it.
    package var initialPadding: Int { Int(unsafe pointer.pointee.initial_padding) }

    /// The stream has configuration data for a decoder outside of the packets.
    package var hasExtradata: Bool { unsafe pointer.pointee.extradata_size > 0 }

    /// Copies everything to a stream's own. Returns an AVERROR.
    package func copy(to target: UnsafeMutablePointer<AVCodecParameters>) -> CInt {
        unsafe avcodec_parameters_copy(target, pointer)
    }

    /// Copies everything to a decoder's context. Returns an AVERROR.
    package func copy(to context: UnsafeMutablePointer<AVCodecContext>) -> CInt {
        unsafe avcodec_parameters_to_context(context, pointer)
    }

    /// Samples of a packet; 0 where its size and the parameters do not tell.
    func samples(ofPacket byteCount: CInt) -> CInt {
        let samples = unsafe av_get_audio_frame_duration2(pointer, byteCount)
        return max(0, samples > 0 ? samples : unsafe pointer.pointee.frame_size)
    }
}
