/// `nal_unit_type` of HEVC (H.265 table 7-1). Types that a later edition adds pass through unchanged.
package struct HEVCNALUnitType: RawRepresentable, Hashable, Sendable {
    /// `0...63`.
    package var rawValue: UInt8
    /// Any type, known or not.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A slice segment of an IDR picture that may have leading pictures (`IDR_W_RADL`).
    package static let idrWithRADL = Self(rawValue: 19)
    /// A slice segment of an IDR picture without leading pictures (`IDR_N_LP`).
    package static let idrWithoutLeading = Self(rawValue: 20)
    /// A slice segment of a clean random access picture (`CRA_NUT`).
    package static let cleanRandomAccess = Self(rawValue: 21)
    /// Video parameter set.
    package static let videoParameterSet = Self(rawValue: 32)
    /// Sequence parameter set.
    package static let sequenceParameterSet = Self(rawValue: 33)
    /// Picture parameter set.
    package static let pictureParameterSet = Self(rawValue: 34)
    /// Access unit delimiter.
    package static let accessUnitDelimiter = Self(rawValue: 35)
    /// Supplemental enhancement information in front of the picture.
    package static let prefixSEI = Self(rawValue: 39)
    /// Supplemental enhancement information after the picture.
    package static let suffixSEI = Self(rawValue: 40)

    /// The type in the first byte of a NAL unit.
    package init(firstByte: UInt8) { rawValue = firstByte >> 1 & 0x3F }

    /// Whether such a NAL unit holds (a part of) the coded picture.
    package var isVCL: Bool { rawValue < 32 }
    /// Whether it is a slice segment of an IDR picture.
    package var isIDR: Bool { self == .idrWithRADL || self == .idrWithoutLeading }
    /// Whether it is a slice segment of a picture where decoding may start (`IRAP`): BLA, IDR or CRA.
    package var isRandomAccess: Bool { (16...23).contains(rawValue) }
    /// Whether it is a video, sequence or picture parameter set.
    package var isParameterSet: Bool { (32...34).contains(rawValue) }
    /// End of sequence, or of bitstream.
    var endsSequence: Bool { rawValue == 36 || rawValue == 37 }
    /// Parameter sets, delimiters, ends, and information about pictures.
    var mayStandAlone: Bool { (32...37).contains(rawValue) || rawValue == 39 || rawValue == 40 }
}

extension HEVCNALUnitType: CodedNALUnitType {
    /// The type of a NAL unit, whose header must be valid.
    package init(of nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        self = try HEVCNALUnitHeader(parsing: nalUnit).type
    }
}

/// The first two bytes of a NAL unit of HEVC (H.265 7.3.1.2).
package struct HEVCNALUnitHeader: Hashable, Sendable {
    /// `nal_unit_type`.
    package let type: HEVCNALUnitType
    /// `nuh_layer_id`, `0...63`; 0 in every stream without extensions.
    package let layerID: Int
    /// `TemporalId`, `0...6`.
    package let temporalID: Int

    /// Reads the header of a NAL unit.
    package init(parsing nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        var reader = BitReader(nalUnit.prefix(2))
        guard try !reader.flag("forbidden_zero_bit") else {
            throw BitstreamError(.invalid, "forbidden_zero_bit is 1", at: .bit(0), expected: "0")
        }
        type = HEVCNALUnitType(rawValue: UInt8(try reader.bits(6, "nal_unit_type")))
        layerID = try reader.bits(6, "nuh_layer_id")
        let temporalIDPlus1 = try reader.bits(3, "nuh_temporal_id_plus1")
        guard temporalIDPlus1 > 0 else {
            throw .outOfRange("nuh_temporal_id_plus1", temporalIDPlus1, in: 1...7, at: 13)
        }
        temporalID = temporalIDPlus1 - 1
    }

    /// Reads the header of a NAL unit.
    package init(parsing nalUnit: [UInt8]) throws(BitstreamError) { try self.init(parsing: nalUnit[...]) }

    /// The header of a NAL unit that must be of one type.
    package init(of nalUnit: ArraySlice<UInt8>, expecting type: HEVCNALUnitType, _ name: String) throws(BitstreamError)
    {
        try self.init(parsing: nalUnit)
        guard self.type == type else {
            let expected = "\(type.rawValue), \(name)"
            throw BitstreamError(.invalid, "nal_unit_type is \(self.type.rawValue)", at: .byte(0), expected: expected)
        }
    }
}
