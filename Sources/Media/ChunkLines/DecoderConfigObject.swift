package import Jobs
internal import VideoTypes

/// WebCodecs' `VideoDecoderConfig` as JSON; the description, which is bytes there, in base64.
package struct DecoderConfigObject: Encodable {
    package let codec: String
    package let codedWidth: Int
    package let codedHeight: Int
    let displayAspectWidth: Int?
    let displayAspectHeight: Int?
    package let colorSpace: ColorSpaceObject
    package let rotation: Int?
    package let flip: Bool?
    package let description: String?

    init(_ config: DecoderConfig) {
        codec = config.codec
        (codedWidth, codedHeight) = (config.codedWidth, config.codedHeight)
        let ratio = config.pixelAspectRatio
        displayAspectWidth = ratio == .square ? nil : config.codedWidth * ratio.width
        displayAspectHeight = ratio == .square ? nil : config.codedHeight * ratio.height
        colorSpace = ColorSpaceObject(config.colorSpace)
        let isUpright = config.orientation == .upright
        rotation = isUpright ? nil : config.orientation.rotation.rawValue
        flip = isUpright ? nil : config.orientation.flip
        description = config.description.map(JSON.base64)
    }
}
