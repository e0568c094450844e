internal import CFFmpeg
internal import Containers
internal import LibAV
internal import SystemPackage

// Streams of audio after the one of video.
extension Muxer {
    /// Adds a stream, before the header is written.
    func add(_ audio: AudioStream) throws(SinkError) {
        guard let added = unsafe avformat_new_stream(context, nil), let parameters = unsafe added.pointee.codecpar
        else {
            throw .failed(operation: "muxing", name: output.name, .noMemory)
        }
        try check("avcodec_parameters_copy", unsafe audio.parameters.copy(to: parameters))
        // The number by which another container calls the codec.
        unsafe parameters.pointee.codec_tag = 0
        // Flags of a container whose packets follow each other without gaps; they are not valid elsewhere.
        if ["mp3", "ac3"].contains(audio.codec) { unsafe parameters.pointee.block_align = 0 }
        unsafe added.pointee.time_base = audio.unit
        unsafe added.pointee.disposition = audio.disposition
        if let language = audio.language { unsafe av_dict_set(&added.pointee.metadata, "language", language, 0) }
        for (key, value) in audio.names where hasSampleEntry || key != "handler_name" {
            unsafe av_dict_set(&added.pointee.metadata, key, value, 0)
        }
        // Its mapping is a separate standard, which FFmpeg 5 still treats as experimental.
        if audio.codec == "flac" { unsafe context.pointee.strict_std_compliance = CInt(FF_COMPLIANCE_EXPERIMENTAL) }
    }

    /// With audio streams, the video has to be marked as enabled for players.
    func accompanyVideo() { unsafe stream.pointee.disposition |= AV_DISPOSITION_DEFAULT }

    /// Writes a packet of audio. It is not held back for interleaving.
    func write(_ audio: AudioPacket, of described: AudioStream) throws(SinkError) {
        guard let target = unsafe context.pointee.streams[audio.stream + 1] else { return }
        defer { unsafe av_packet_unref(packet.pointer) }
        let time = hasSampleEntry ? audio.time : described.timeInMatroska(audio)
        try check("av_new_packet", fill(MuxerPacket(audio, time: time)))
        for data in audio.sideData {
            let type = AVPacketSideDataType(data.type)
            let status = unsafe cffmpeg_packet_side_data(packet.pointer, type, data.bytes, data.bytes.count)
            try check("side data", status)
        }
        unsafe packet.pointer.pointee.stream_index = CInt(audio.stream + 1)
        unsafe av_packet_rescale_ts(packet.pointer, described.unit, target.pointee.time_base)
        let start = unsafe avio_tell(context.pointee.pb)
        try call("av_write_frame") { unsafe av_write_frame(context, packet.pointer) }
        // libavformat may hold back packets of E-AC-3 to merge them: the packets that it wrote are counted where they are
        // visible.
        let written = unsafe avio_tell(context.pointee.pb) - start
        output.passOver(byteCount: writesAtOnce ? Int(written) : audio.data.count)
    }
}

extension AudioStream {
    /// The time of a packet for the muxer of Matroska.
    fileprivate func timeInMatroska(_ packet: AudioPacket) -> Int64 {
        let stored = max(0, packet.time + delayInMatroska)
        return cffmpeg_matroska_adds_delay() == 0 ? stored : stored - delayInMatroska
    }
}

extension MuxerPacket {
    fileprivate init(_ audio: AudioPacket, time: Int64) {
        self.init(
            data: audio.data,
            presentation: time,
            decoding: time,
            duration: audio.duration,
            isKey: audio.isKey
        )
    }
}
