internal import Bitstream
package import CFFmpeg
internal import VideoTypes

/// The audio streams of a container, and the conversion of their packets.
struct AudioTracks {
    fileprivate struct Track {
        let index: Int
        let timeBase: AVRational
        /// Packets that the container's index has; `nil` without a complete index.
        let packetCount: Int?
        var packets = 0
        /// Where libavutil remembers by how much times in coarse units are off.
        var rescaling = cffmpeg_no_time
        var lastTime: Int64?
        /// Samples from one packet to the next, as they came last.
        var spacing: Int64 = 0
    }

    let streams: [AudioStream]
    private var tracks: [Track] = []

    init(_ context: UnsafeMutablePointer<AVFormatContext>) throws(DemuxerError) {
        var streams: [AudioStream] = []
        let names = unsafe String(cString: context.pointee.iformat.pointee.name).split(separator: ",")
        for index in 0..<Int(unsafe context.pointee.nb_streams) {
            guard let stream = unsafe context.pointee.streams[index],
                unsafe stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO
            else { continue }
            streams.append(try unsafe AudioStream(stream, saysPriming: names.contains("mp4")))
            let entries = Int(unsafe cffmpeg_index_entries(stream))
            let timeBase = unsafe stream.pointee.time_base
            tracks.append(Track(index: index, timeBase: timeBase, packetCount: entries > 0 ? entries : nil))
        }
        self.streams = streams
    }

    /// Whether a stream of the container is one of these.
    func contain(_ index: Int) -> Bool { tracks.contains { $0.index == index } }

    /// What a packet is; `nil` if it belongs to another stream.
    ///
    /// SAFETY: the packet is one that libavformat has filled.
    mutating func packet(_ packet: UnsafeMutablePointer<AVPacket>) throws(DemuxerError) -> AudioPacket? {
        let index = Int(unsafe packet.pointee.stream_index)
        guard let number = tracks.firstIndex(where: { $0.index == index }) else { return nil }
        let place = "packet \(tracks[number].packets) of audio stream \(number)"
        let count = Int(unsafe packet.pointee.size)
        guard count > 0, let bytes = unsafe packet.pointee.data, unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0
        else { throw .damaged("\(place) is incomplete") }
        let time = try unsafe tracks[number].time(of: packet, streams[number], place)
        tracks[number].packets += 1
        return try unsafe AudioPacket(
            stream: number,
            time: time,
            duration: tracks[number].duration(of: packet, streams[number]),
            data: streams[number].bare(Array(UnsafeBufferPointer(start: bytes, count: count)), place),
            isKey: packet.pointee.flags & AV_PKT_FLAG_KEY != 0,
            sideData: AudioPacket.SideData.all(of: packet)
        )
    }

    /// Throws if there were fewer packets than the index has.
    func checkEnd() throws(DemuxerError) {
        for (number, track) in tracks.enumerated() {
            guard let count = track.packetCount, track.packets < count else { continue }
            let all = Quantity.count(count, "packet")
            throw .damaged("audio stream \(number) ends after \(track.packets) of the \(all) in its index")
        }
    }
}

extension AudioTracks.Track {
    /// The time in samples. Where a container counts in something coarser (Matroska: milliseconds), its rounding is undone
    /// as far as packets that follow each other tell: else every second packet would overlap, or leave a gap.
    fileprivate mutating func time(
        of packet: UnsafeMutablePointer<AVPacket>,
        _ stream: AudioStream,
        _ place: String
    ) throws(DemuxerError) -> Int64 {
        let (shown, decoded) = unsafe (packet.pointee.pts, packet.pointee.dts)
        let own = shown == cffmpeg_no_time ? decoded : shown
        guard own != cffmpeg_no_time else { throw .unsupported("\(place) has no time") }
        let (unit, length) = (stream.unit, stream.parameters.samples(ofPacket: unsafe packet.pointee.size))
        let time = unsafe av_rescale_delta(timeBase, own, unit, length, &rescaling, unit)
        guard MediaTime.bounds.contains(time) else { throw .damaged("\(place) has a time of \(time) samples") }
        let spacing = lastTime.map { time - $0 } ?? 0
        guard spacing >= 0 else {
            throw .damaged("\(place) is at \(stream.microseconds(time)) µs, before the previous one")
        }
        (lastTime, self.spacing) = (time, spacing)
        return time
    }

    /// The container's duration if its unit is fine enough, else the codec's, else that of the previous packet: MP4 is read up
    /// to the end of the last packet, and would lose one without a duration.
    fileprivate func duration(of packet: UnsafeMutablePointer<AVPacket>, _ stream: AudioStream) -> Int64 {
        let samples = Int64(stream.parameters.samples(ofPacket: unsafe packet.pointee.size))
        let own = min(max(0, unsafe packet.pointee.duration), Int64(Int32.max))
        let isExact = own > 0 && av_cmp_q(timeBase, stream.unit) <= 0
        if isExact || (samples == 0 && own > 0) { return av_rescale_q(own, timeBase, stream.unit) }
        return samples > 0 ? samples : spacing
    }
}

extension AudioStream {
    /// Samples a second at most: more than any codec has.
    private static let highestRate = 1 << 20

    /// Seconds of a sample.
    package var unit: AVRational { AVRational(num: 1, den: CInt(sampleRate)) }

    fileprivate init(_ stream: UnsafeMutablePointer<AVStream>, saysPriming: Bool) throws(DemuxerError) {
        self.saysPriming = saysPriming
        guard let own = unsafe stream.pointee.codecpar else { throw .outOfMemory("avcodec_parameters_alloc") }
        codec = unsafe String(cString: avcodec_get_name(own.pointee.codec_id))
        sampleRate = Int(unsafe own.pointee.sample_rate)
        guard (1...Self.highestRate).contains(sampleRate) else {
            throw .unsupported(
                "its audio (\(codec)) has a sample rate of \(sampleRate), which is not in 1...\(Self.highestRate)"
            )
        }
        parameters = try unsafe StreamParameters(copying: own)
        adts = parameters.hasExtradata ? nil : parameters.aacConfig
        if let adts { try parameters.setExtradata(adts.bytes) }
        disposition = unsafe stream.pointee.disposition
        func text(_ key: String) -> String? {
            unsafe av_dict_get(stream.pointee.metadata, key, nil, 0).map { unsafe String(cString: $0.pointee.value) }
        }
        language = text("language")
        names = ["title", "handler_name"].reduce(into: [:]) { $0[$1] = text($1) }
    }
}

extension AudioStream {
    /// A packet's bytes as containers hold them: AAC without headers.
    fileprivate func bare(_ data: [UInt8], _ place: String) throws(DemuxerError) -> [UInt8] {
        guard let adts else { return data }
        let frame: ADTSFrame
        do throws(BitstreamError) { frame = try ADTSFrame(parsing: data) } catch {
            throw .damaged("\(place): \(error)")
        }
        guard frame.config == adts else {
            throw .unsupported("\(place) needs a different decoder than the start of the stream: \(frame.config)")
        }
        return Array(frame.payload)
    }
}

extension AudioPacket.SideData {
    static func all(of packet: UnsafePointer<AVPacket>) -> [Self] {
        (0..<Int(unsafe packet.pointee.side_data_elems)).map { number in
            let data = unsafe packet.pointee.side_data[number]
            let bytes = unsafe Array(UnsafeBufferPointer(start: data.data, count: Int(data.size)))
            return Self(type: unsafe data.type.rawValue, bytes: bytes)
        }
    }
}
