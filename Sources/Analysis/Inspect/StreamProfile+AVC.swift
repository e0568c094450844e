internal import Bitstream
internal import VideoTypes

extension StreamProfile {
    init(_ sps: SequenceParameterSet) {
        let string = sps.codecString
        let level = AVCLevel.level(of: string)
        codecString = { _ in string.description }
        words = "H.264 \(sps.profileName), level \(level?.name ?? "\(sps.levelIdc)/10, undefined")"
        codedSize = PictureSize(width: sps.widthInMacroblocks * 16, height: sps.heightInMacroblocks * 16)
        shownSize = sps.croppedSize
        format = sampleFormatWords(chromaFormatIdc: sps.chromaFormatIdc, bitDepth: sps.bitDepthLuma)
        (colorSpace, framerate) = (sps.colorSpace, sps.vui?.timing?.frameRate)
        self.level = LevelRules(
            claimed: level.map { LevelBounds($0, sps) },
            all: AVCLevel.all.map { LevelBounds($0, sps) }
        )
    }
}

/// `4:2:0, 8 bits`.
func sampleFormatWords(chromaFormatIdc: Int, bitDepth: Int) -> String {
    let chroma = ["monochrome", "4:2:0", "4:2:2", "4:4:4"]
    return "\(chroma.indices.contains(chromaFormatIdc) ? chroma[chromaFormatIdc] : "?"), \(bitDepth) bits"
}

extension SequenceParameterSet {
    /// The profile's name in H.264 annex A.
    fileprivate var profileName: String {
        switch profileIdc {
        case 66: codecString.hasConstraint(1) ? "Constrained Baseline" : "Baseline"
        case 77: "Main"
        case 88: "Extended"
        case 100 where codecString.hasConstraint(4):
            codecString.hasConstraint(5) ? "Constrained High" : "Progressive High"
        case 100: "High"
        case 110: codecString.hasConstraint(3) ? "High 10 Intra" : "High 10"
        case 122: codecString.hasConstraint(3) ? "High 4:2:2 Intra" : "High 4:2:2"
        case 244: codecString.hasConstraint(3) ? "High 4:4:4 Intra" : "High 4:4:4 Predictive"
        case 44: "CAVLC 4:4:4 Intra"
        default: "profile \(profileIdc)"
        }
    }

    /// Frames that a decoder of this stream holds: what the stream promises, or else its references.
    fileprivate var decodedPictures: Int { max(maxDecFrameBuffering ?? 0, maxNumRefFrames) }

    func words(unit: Int) -> ParameterSetWords {
        var words = ParameterSetWords("Sequence parameter set \(id)", unit: unit)
        words.add("profile", "\(profileName) (profile_idc \(profileIdc), constraints \(hexadecimal(constraints)))")
        words.add("level", AVCLevel.level(of: codecString)?.name ?? "none (level_idc \(levelIdc))")
        words.add(
            "coded size",
            "\(widthInMacroblocks * 16)x\(heightInMacroblocks * 16), \(widthInMacroblocks)x\(heightInMacroblocks) macroblocks"
        )
        words.add("shown size", "\(croppedSize)")
        words.add("samples", sampleFormatWords(chromaFormatIdc: chromaFormatIdc, bitDepth: bitDepthLuma))
        words.add("scaling matrix", sampleFormat.hasScalingMatrix ? "yes" : nil)
        words.add(
            "pictures",
            frameMbsOnly
                ? "frames"
                : geometry.mbAdaptiveFrameField ? "frames or fields, also by macroblock" : "frames or fields"
        )
        words.add("reference frames", "\(maxNumRefFrames)")
        words.add("frame_num", "\(log2MaxFrameNum) bits, gaps \(gapsInFrameNumAllowed ? "allowed" : "not allowed")")
        words.add("picture order", pictureOrderCount.words)
        words.add("reordering", maxNumReorderFrames.map { "\(Quantity.count($0, "frame")) at most" })
        words.add("decoded picture buffer", maxDecFrameBuffering.map { Quantity.count($0, "frame") })
        words.add("color", vui == nil ? nil : colorSpace.words)
        words.add("chroma location", vui?.chromaLocation.map { "type \($0.rawValue)" })
        words.add("sample aspect ratio", vui?.pixelAspectRatio.map { "\($0.width):\($0.height)" })
        words.add(
            "timing",
            vui?.timing.map { timing in
                let rate = timing.frameRate.map { "\($0) frames a second" } ?? "no rate"
                return "\(rate), \(timing.fixedFrameRate ? "fixed" : "variable")"
            }
        )
        words.add("NAL decoder model", vui?.nalHRD?.words)
        words.add("VCL decoder model", vui?.vclHRD?.words)
        return words
    }
}

extension PictureOrderCount {
    fileprivate var words: String {
        switch self {
        case .leastSignificantBits(let bits): "in each slice, \(bits) bits"
        case .cycle(let cycle): "differences from a cycle of \(cycle.offsetsForRefFrames.count)"
        case .decodingOrder: "decoding order"
        }
    }
}

extension HRDParameters {
    fileprivate var words: String {
        deliveries.map { delivery in
            let mode = delivery.constant ? "constant" : "at most"
            return "\(mode) \(delivery.bitrate) bits a second, buffer of \(delivery.cpbSize) bits"
        }.joined(separator: "; ")
    }
}

extension PictureParameterSet {
    func words(unit: Int) -> ParameterSetWords {
        let weighted = ["no", "explicit", "implicit"]
        var words = ParameterSetWords("Picture parameter set \(id)", unit: unit)
        words.add("sequence parameter set", "\(sequenceParameterSetID)")
        words.add("entropy coding", usesCABAC ? "CABAC" : "CAVLC")
        words.add("initial quantizer", "\(initialQuantizer)")
        words.add("chroma quantizer offsets", "\(chromaQpIndexOffset), \(secondChromaQpIndexOffset)")
        words.add("references", "\(defaultRefCountL0) and \(defaultRefCountL1) unless a slice overrides it")
        words.add(
            "weighted prediction",
            "P \(weightedPrediction ? "yes" : "no"), B \(weighted.indices.contains(weightedBipredIdc) ? weighted[weightedBipredIdc] : "?")"
        )
        words.add("8x8 transform", transform8x8 ? "yes" : "no")
        words.add("scaling matrix", hasScalingMatrix ? "yes" : nil)
        words.add("constrained intra prediction", constrainedIntraPrediction ? "yes" : nil)
        words.add("deblocking by slice", deblockingFilterControlPresent ? "yes" : "no")
        words.add("slice groups", sliceGroupCount > 1 ? "\(sliceGroupCount)" : nil)
        return words
    }
}

extension LevelBounds {
    /// The bounds for whole NAL units (`cpbBrNalFactor`).
    fileprivate init(_ level: AVCLevel, _ sps: SequenceParameterSet) {
        let factor = AVCLevel.cpbBrNalFactor(profileIdc: sps.profileIdc)
        let needs = AVCLevelNeeds(
            size: PictureSize(width: sps.widthInMacroblocks * 16, height: sps.heightInMacroblocks * 16),
            decodedFrames: sps.decodedPictures,
            profileIdc: sps.profileIdc
        )
        self.init(level, needs, bitrate: level.maxBitrate * factor, buffer: level.maxCPB * factor)
    }
}
