/// `nal_unit_type` (H.264 table 7-1). Types that a later edition adds pass through unchanged.
package struct NALUnitType: RawRepresentable, Hashable, Sendable {
    /// `0...31`.
    package var rawValue: UInt8
    /// Any type, known or not.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A slice of a picture that is not IDR.
    package static let nonIDRSlice = Self(rawValue: 1)
    /// Data partition A of a slice.
    package static let dataPartitionA = Self(rawValue: 2)
    /// A slice of an IDR picture.
    package static let idrSlice = Self(rawValue: 5)
    /// Supplemental enhancement information.
    package static let sei = Self(rawValue: 6)
    /// Sequence parameter set.
    package static let sequenceParameterSet = Self(rawValue: 7)
    /// Picture parameter set.
    package static let pictureParameterSet = Self(rawValue: 8)
    /// Access unit delimiter.
    package static let accessUnitDelimiter = Self(rawValue: 9)
    /// End of sequence.
    package static let endOfSequence = Self(rawValue: 10)
    /// End of stream.
    package static let endOfStream = Self(rawValue: 11)
    /// Filler data.
    package static let fillerData = Self(rawValue: 12)
    /// Sequence parameter set extension.
    package static let sequenceParameterSetExtension = Self(rawValue: 13)
    /// Prefix NAL unit of SVC and MVC.
    package static let prefix = Self(rawValue: 14)

    /// The type in the first byte of a NAL unit.
    package init(firstByte: UInt8) { rawValue = firstByte & 0x1F }

    /// Whether such a NAL unit holds (a part of) the coded picture.
    package var isVCL: Bool { (1...5).contains(rawValue) }
    /// Whether it is a slice of an IDR picture.
    package var isIDR: Bool { self == .idrSlice }
    /// Whether it is a sequence or picture parameter set.
    package var isParameterSet: Bool { self == .sequenceParameterSet || self == .pictureParameterSet }
    /// Parameter sets, delimiters, ends, and information about pictures.
    var mayStandAlone: Bool { (6...11).contains(rawValue) || (13...15).contains(rawValue) }
}

/// `nal_unit_type` of H.264 or HEVC, as far as the NAL units of both are handled alike.
package protocol CodedNALUnitType: Hashable, Sendable {
    /// Access unit delimiter.
    static var accessUnitDelimiter: Self { get }
    /// The type in the first byte of a NAL unit.
    init(firstByte: UInt8)
    /// The type of a NAL unit, whose header must be valid.
    init(of nalUnit: ArraySlice<UInt8>) throws(BitstreamError)
    /// Whether such a NAL unit holds (a part of) the coded picture.
    var isVCL: Bool { get }
    /// Whether it holds (a part of) an IDR picture.
    var isIDR: Bool { get }
    /// Whether it is a parameter set.
    var isParameterSet: Bool { get }
}

extension NALUnitType: CodedNALUnitType {
    /// The type of a NAL unit, whose header must be valid.
    package init(of nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        self = try NALUnitHeader(parsing: nalUnit).type
    }
}

/// The first byte of a NAL unit (H.264 7.3.1).
package struct NALUnitHeader: Hashable, Sendable {
    /// `nal_ref_idc`, `0...3`: 0 means that nothing refers to the content.
    package let refIdc: UInt8
    /// `nal_unit_type`.
    package let type: NALUnitType

    /// Reads the header of a NAL unit.
    package init(parsing nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        guard let byte = nalUnit.first else {
            throw BitstreamError(.truncated, "the NAL unit is empty", at: .byte(0), expected: "a header byte")
        }
        guard byte & 0x80 == 0 else {
            throw BitstreamError(.invalid, "forbidden_zero_bit is 1", at: .bit(0), expected: "0")
        }
        refIdc = byte >> 5
        type = NALUnitType(firstByte: byte)
    }

    /// Reads the header of a NAL unit.
    package init(parsing nalUnit: [UInt8]) throws(BitstreamError) { try self.init(parsing: nalUnit[...]) }

    /// The header of a NAL unit that must be of one type.
    package init(of nalUnit: ArraySlice<UInt8>, expecting type: NALUnitType, _ name: String) throws(BitstreamError) {
        try self.init(parsing: nalUnit)
        guard self.type == type else {
            let expected = "\(type.rawValue), \(name)"
            throw BitstreamError(.invalid, "nal_unit_type is \(self.type.rawValue)", at: .byte(0), expected: expected)
        }
    }
}
