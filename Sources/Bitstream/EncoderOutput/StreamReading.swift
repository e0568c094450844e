package import VideoTypes

/// What a packet turned out to be.
package struct CodedPicture {
    /// The bytes as they go out.
    package var data: [UInt8]
    /// Decoding can start here.
    package var isKey: Bool
    /// The quantizer of the first slice or frame, in the libraries' scale.
    package var quantizer: Int?
    /// The quantizer in the bitstream's scale.
    package var quantizerIndex: Int?
}

/// Reads the packets of one codec and makes chunks of them. One implementation a codec.
package protocol StreamReading {
    /// Reads what the encoder wrote when it was opened.
    mutating func readHeaders(_ bytes: [UInt8]) throws(EncoderError)
    /// Reads one packet.
    mutating func read(_ bytes: [UInt8], isKey: Bool) throws(EncoderError) -> CodedPicture
    /// What a decoder must know, as it is in the bitstream; `nil` before anything was read.
    var decoderConfig: DecoderConfig? { get }
    /// Pictures that may be decoded before another one and shown after it; `nil` where the bitstream does not specify it.
    var reorderedPictures: Int? { get }
}

extension EncoderError {
    /// A packet that is not what it should be.
    static func unreadable(_ what: String, _ error: any Error) -> EncoderError {
        .codec(operation: "reading \(what): \(error)", status: -1)
    }
}
