internal import CFFmpeg
internal import VideoTypes

extension Packet {
    /// A packet for an encoder to fill.
    static func forEncoding() throws(EncoderError) -> Packet {
        try Packet(orThrow: EncoderError.codec(operation: "av_packet_alloc", status: -1))
    }

    /// The number that its picture was given.
    var pts: Int64 { unsafe pointer.pointee.pts }
    /// The encoder calls it a key frame.
    var isKey: Bool { unsafe pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }

    /// A copy of its bytes.
    var bytes: [UInt8] {
        guard let start = unsafe pointer.pointee.data else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(pointer.pointee.size)))
    }
}
