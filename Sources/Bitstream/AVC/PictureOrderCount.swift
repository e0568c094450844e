/// How slices store their picture's place in output order (H.264 7.3.2.1.1, 8.2.1).
package enum PictureOrderCount: Hashable, Sendable {
    /// `pic_order_cnt_type` 0: each slice has the lowest bits of its count; the associated value is how many.
    case leastSignificantBits(Int)
    /// `pic_order_cnt_type` 1: each slice has its difference from an expected cycle.
    case cycle(Cycle)
    /// `pic_order_cnt_type` 2: output order is decoding order.
    case decodingOrder

    /// The fields of `pic_order_cnt_type` 1.
    package struct Cycle: Hashable, Sendable {
        /// `delta_pic_order_always_zero_flag`.
        package let deltaAlwaysZero: Bool
        /// `offset_for_non_ref_pic`.
        package let offsetForNonRefPic: Int
        /// `offset_for_top_to_bottom_field`.
        package let offsetForTopToBottomField: Int
        /// `offset_for_ref_frame`, at most 255 of them.
        package let offsetsForRefFrames: [Int]

        init(reading reader: inout BitReader) throws(BitstreamError) {
            deltaAlwaysZero = try reader.flag("delta_pic_order_always_zero_flag")
            offsetForNonRefPic = try reader.se("offset_for_non_ref_pic")
            offsetForTopToBottomField = try reader.se("offset_for_top_to_bottom_field")
            let count = try reader.ue("num_ref_frames_in_pic_order_cnt_cycle", in: 0...255)
            var offsets: [Int] = []
            for _ in 0..<count { offsets.append(try reader.se("offset_for_ref_frame")) }
            offsetsForRefFrames = offsets
        }
    }

    /// `pic_order_cnt_type`.
    package var type: Int {
        switch self {
        case .leastSignificantBits: 0
        case .cycle: 1
        case .decodingOrder: 2
        }
    }

    package init(reading reader: inout BitReader) throws(BitstreamError) {
        switch try reader.ue("pic_order_cnt_type", in: 0...2) {
        case 0: self = .leastSignificantBits(try reader.ue("log2_max_pic_order_cnt_lsb_minus4", in: 0...12) + 4)
        case 1: self = .cycle(try Cycle(reading: &reader))
        default: self = .decodingOrder
        }
    }
}
