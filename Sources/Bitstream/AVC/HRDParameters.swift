/// The parameters of the hypothetical reference decoder (H.264 E.1.2, E.2.2).
package struct HRDParameters: Hashable, Sendable {
    /// One way to deliver the stream.
    package struct Delivery: Hashable, Sendable {
        /// `BitRate`: bits a second that enter the coded picture buffer at most.
        package let bitrate: Int
        /// `CpbSize`: bits that the coded picture buffer holds.
        package let cpbSize: Int
        /// `cbr_flag`: the bit rate is constant.
        package let constant: Bool
    }

    /// One to 32 ways to deliver the stream.
    package let deliveries: [Delivery]
    /// `initial_cpb_removal_delay_length_minus1` plus 1.
    package let initialCpbRemovalDelayLength: Int
    /// `cpb_removal_delay_length_minus1` plus 1.
    package let cpbRemovalDelayLength: Int
    /// `dpb_output_delay_length_minus1` plus 1.
    package let dpbOutputDelayLength: Int
    /// `time_offset_length`.
    package let timeOffsetLength: Int

    package init(reading reader: inout BitReader) throws(BitstreamError) {
        let count = try reader.ue("cpb_cnt_minus1", in: 0...31) + 1
        let rateShift = try reader.bits(4, "bit_rate_scale") + 6
        let sizeShift = try reader.bits(4, "cpb_size_scale") + 4
        var deliveries: [Delivery] = []
        for _ in 0..<count {
            let bitrate = (try reader.ue("bit_rate_value_minus1") + 1) << rateShift
            let cpbSize = (try reader.ue("cpb_size_value_minus1") + 1) << sizeShift
            deliveries.append(Delivery(bitrate: bitrate, cpbSize: cpbSize, constant: try reader.flag("cbr_flag")))
        }
        self.deliveries = deliveries
        initialCpbRemovalDelayLength = try reader.bits(5, "initial_cpb_removal_delay_length_minus1") + 1
        cpbRemovalDelayLength = try reader.bits(5, "cpb_removal_delay_length_minus1") + 1
        dpbOutputDelayLength = try reader.bits(5, "dpb_output_delay_length_minus1") + 1
        timeOffsetLength = try reader.bits(5, "time_offset_length")
    }
}
