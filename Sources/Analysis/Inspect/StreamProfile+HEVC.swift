internal import Bitstream
internal import VideoTypes

extension StreamProfile {
    init(_ sps: HEVCSequenceParameterSet) {
        let claim = sps.profileTierLevel
        let string = sps.codecString
        let level = HEVCLevel.level(idc: claim.levelIdc)
        codecString = { _ in string.description }
        words =
            "HEVC \(claim.profileName), level \(level?.name ?? "\(claim.levelIdc)/30, undefined"), \(claim.tierName)"
        (codedSize, shownSize) = (sps.codedSize, sps.croppedSize)
        format = sampleFormatWords(chromaFormatIdc: sps.chromaFormatIdc, bitDepth: sps.bitDepthLuma)
        (colorSpace, framerate) = (sps.colorSpace, sps.vui?.frameRate)
        self.level = LevelRules(
            claimed: level.map { LevelBounds($0, sps) },
            all: HEVCLevel.all.filter { claim.tier == .main || $0.maxBitrateHigh != nil }.map { LevelBounds($0, sps) },
            tier: claim.tierName
        )
    }
}

extension HEVCProfileTierLevel {
    /// The profile's name in H.265 annex A.
    fileprivate var profileName: String {
        let names = [
            1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "format range extensions", 5: "High Throughput",
            6: "Multiview Main", 7: "Scalable Main", 9: "screen content coding extensions",
        ]
        return names[profileIdc] ?? "profile \(profileIdc)"
    }

    fileprivate var tierName: String { tier == .high ? "High tier" : "Main tier" }

    fileprivate var levelWords: String {
        "\(HEVCLevel.level(idc: levelIdc)?.name ?? "none (general_level_idc \(levelIdc))"), \(tierName)"
    }
}

extension HEVCVideoParameterSet {
    func words(unit: Int) -> ParameterSetWords {
        var words = ParameterSetWords("Video parameter set \(id)", unit: unit)
        words.add("profile", profileTierLevel.profileName)
        words.add("level", profileTierLevel.levelWords)
        words.add("temporal sub-layers", "\(maxSubLayers)\(temporalIDNesting ? ", nested" : "")")
        return words
    }
}

extension HEVCSequenceParameterSet {
    func words(unit: Int) -> ParameterSetWords {
        let claim = profileTierLevel
        let constraints = claim.constraints.map(hexadecimal).joined(separator: " ")
        var words = ParameterSetWords("Sequence parameter set \(id)", unit: unit)
        words.add("video parameter set", "\(vpsID)")
        words.add(
            "profile",
            "\(claim.profileName) (general_profile_idc \(claim.profileIdc), constraints \(constraints))"
        )
        words.add("level", claim.levelWords)
        words.add("coded size", "\(codedSize)")
        words.add("shown size", "\(croppedSize)")
        words.add("samples", sampleFormatWords(chromaFormatIdc: chromaFormatIdc, bitDepth: bitDepthLuma))
        words.add("temporal sub-layers", "\(maxSubLayers)\(temporalIDNesting ? ", nested" : "")")
        words.add("picture order", "\(log2MaxPicOrderCntLsb) bits in each slice")
        words.add("decoded picture buffer", Quantity.count(maxDecPicBuffering, "picture"))
        words.add("reordering", "\(Quantity.count(maxNumReorderPics, "picture")) at most")
        words.add("color", vui == nil ? nil : colorSpace.words)
        words.add("chroma location", vui?.chromaLocation.map { "type \($0.rawValue)" })
        words.add("sample aspect ratio", vui?.pixelAspectRatio.map { "\($0.width):\($0.height)" })
        words.add("timing", vui?.frameRate.map { "\($0) frames a second" })
        return words
    }
}

extension HEVCPictureParameterSet {
    func words(unit: Int) -> ParameterSetWords {
        var words = ParameterSetWords("Picture parameter set \(id)", unit: unit)
        words.add("sequence parameter set", "\(spsID)")
        words.add("initial quantizer", "\(initialQuantizer)")
        words.add("references", "\(defaultRefCountL0) and \(defaultRefCountL1) unless a slice overrides it")
        words.add(
            "weighted prediction",
            "P \(weightedPrediction ? "yes" : "no"), B \(weightedBiprediction ? "yes" : "no")"
        )
        words.add("tiles", tilesEnabled ? "yes" : "no")
        words.add("wavefronts", entropyCodingSyncEnabled ? "yes" : "no")
        words.add("dependent slice segments", dependentSliceSegmentsEnabled ? "yes" : nil)
        return words
    }
}

extension LevelBounds {
    /// The bounds for whole NAL units: `CpbNalFactor` is eleven tenths of `CpbVclFactor` (table A.10).
    fileprivate init(_ level: HEVCLevel, _ sps: HEVCSequenceParameterSet) {
        let chroma = ChromaSubsampling.allCases.first { $0.chromaFormatIdc == sps.chromaFormatIdc } ?? .yuv420
        let factor = HEVCLevel.bitrateFactor(chroma: chroma, bitDepth: sps.bitDepthLuma) * 11 / 10
        let tier = sps.profileTierLevel.tier
        let needs = HEVCLevelNeeds(size: sps.codedSize, decodedPictures: sps.maxDecPicBuffering, tier: tier)
        let (bitrate, buffer) = (level.maxBitrate(tier, factor: factor), level.maxCPB(tier, factor: factor))
        self.init(level, needs, bitrate: bitrate, buffer: buffer)
    }
}
