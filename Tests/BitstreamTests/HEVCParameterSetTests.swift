import Bitstream
import TestSupport
import Testing
import VideoTypes

@Suite("Parameter sets of HEVC")
struct HEVCParameterSetTests {
    @Test("Parameter sets of HEVC hold what FFmpeg's parser finds in them", arguments: HEVCStream.recipes)
    func fields(recipe: HEVCStream.Recipe) throws {
        let stream = try HEVCStream(recipe)
        let units = try stream.trace()
        let trace = try #require(units.first { $0["nal_unit_type"] == 33 })
        let sps = try HEVCSequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let tier = sps.profileTierLevel
        #expect(tier.profileIdc == trace["general_profile_idc"])
        #expect(tier.levelIdc == trace["general_level_idc"])
        #expect(tier.tier == (trace["general_tier_flag"] == 1 ? .high : .main))
        for index in 0..<32 {
            let flag = Int(tier.compatibility >> UInt32(31 - index) & 1)
            #expect(flag == trace["general_profile_compatibility_flag[\(index)]"], "flag \(index)")
        }
        #expect(sps.maxSubLayers - 1 == trace["sps_max_sub_layers_minus1"])
        #expect(sps.codedSize.width == trace["pic_width_in_luma_samples"])
        #expect(sps.codedSize.height == trace["pic_height_in_luma_samples"])
        #expect(sps.chromaFormatIdc == trace["chroma_format_idc"])
        #expect(sps.bitDepthLuma - 8 == trace["bit_depth_luma_minus8"])
        let top = sps.maxSubLayers - 1
        #expect(sps.maxDecPicBuffering - 1 == trace["sps_max_dec_pic_buffering_minus1[\(top)]"])
        #expect(sps.maxNumReorderPics == trace["sps_max_num_reorder_pics[\(top)]"])
        // After all skipped fields.
        #expect(sps.vui?.minSpatialSegmentationIdc == trace["min_spatial_segmentation_idc"])
        #expect(sps.vui?.frameRate == FrameRate(25))
        let vps = try HEVCVideoParameterSet(parsing: stream.first(.videoParameterSet))
        #expect(vps.profileTierLevel == tier)
        let pps = try HEVCPictureParameterSet(parsing: stream.first(.pictureParameterSet))
        let ppsTrace = try #require(units.first { $0["nal_unit_type"] == 34 })
        #expect(pps.initialQuantizer - 26 == ppsTrace["init_qp_minus26"])
        #expect(pps.weightedPrediction == (ppsTrace["weighted_pred_flag"] == 1))
        #expect(pps.listsModificationPresent == (ppsTrace["lists_modification_present_flag"] == 1))
    }

    @Test(
        "Parameter sets of HEVC have size, color and sample aspect ratio as ffprobe reads them",
        arguments: HEVCStream.recipes
    )
    func picture(recipe: HEVCStream.Recipe) throws {
        let stream = try HEVCStream(recipe)
        let sps = try HEVCSequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        #expect("\(sps.croppedSize.width)" == (try stream.probe("width")))
        #expect("\(sps.croppedSize.height)" == (try stream.probe("height")))
        let range = try stream.probe("color_range")
        #expect(sps.colorSpace.fullRange == (range == "pc"))
        #expect((sps.colorSpace.primaries == .bt2020) == (try stream.probe("color_primaries") == "bt2020"))
        let shape = sps.pixelAspectRatio
        let probed = try stream.probe("sample_aspect_ratio")
        #expect("\(shape.width):\(shape.height)" == (probed == "N/A" || probed == "0:1" ? "1:1" : probed))
    }

    @Test("Parameter sets of HEVC can get another profile, tier, level and flags, and nothing else changes")
    func rewriting() throws {
        let stream = try HEVCStream(HEVCStream.recipes[0])
        let asked = try #require(HEVCCodecString("hvc1.2.4.H153.B0"))
        for type in [HEVCNALUnitType.videoParameterSet, .sequenceParameterSet] {
            let before = try stream.first(type)
            let after = try HEVCProfileTierLevel(asked).rewriting(before)
            let back = try HEVCProfileTierLevel(
                try HEVCVideoParameterSet(parsing: stream.first(.videoParameterSet))
                    .profileTierLevel.codecString
            ).rewriting(after)
            #expect(after != before)
            #expect(back == before)
        }
        let sps = try HEVCSequenceParameterSet(
            parsing: HEVCProfileTierLevel(asked).rewriting(stream.first(.sequenceParameterSet))
        )
        #expect(sps.codecString.description == "hvc1.2.4.H153.B0")
    }
}
