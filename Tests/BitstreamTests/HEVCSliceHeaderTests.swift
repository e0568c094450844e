import Bitstream
import TestSupport
import Testing

@Suite("Slice headers of HEVC")
struct HEVCSliceHeaderTests {
    @Test("Slice headers of HEVC have type and quantizer as FFmpeg's parser reads them", arguments: HEVCStream.recipes)
    func quantizer(recipe: HEVCStream.Recipe) throws {
        let stream = try HEVCStream(recipe)
        let sps = try HEVCSequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let pps = try HEVCPictureParameterSet(parsing: stream.first(.pictureParameterSet))
        let traced = try stream.trace().filter { $0["first_slice_segment_in_pic_flag"] != nil }
        let slices = try stream.nalUnits.filter { try HEVCNALUnitHeader(parsing: $0).type.isVCL }
        #expect(slices.count >= 16 && traced.count == slices.count)
        for (unit, trace) in zip(slices, traced) {
            #expect(try HEVCSliceHeader.pictureParameterSetID(of: unit) == pps.id)
            let header = try #require(try HEVCSliceHeader(parsing: unit, sps: sps, pps: pps))
            #expect(header.sliceType.rawValue == trace["slice_type"])
            #expect(header.quantizer == pps.initialQuantizer + (trace["slice_qp_delta"] ?? 99))
            #expect(header.temporalID + 1 == trace["nuh_temporal_id_plus1"])
        }
    }
}
