package import VideoTypes

extension Receipt {
    /// What was done with the pictures between the input and the encoder.
    public struct Filtering: Codable, Hashable, Sendable {
        /// The graph of filters, as libavfilter got it.
        public let graph: String
        /// The color that the pictures were converted from, as the input has it or the job tells it; `nil` if colors were not
        /// converted.
        package let inputColor: ColorSpaceObject?
        /// The color that they were converted to; `nil` if colors were not converted.
        package let outputColor: ColorSpaceObject?

        /// - Parameters:
        ///   - graph: The graph.
        ///   - color: The color before it and after it; `nil` if colors are not converted.
        package init(_ graph: String, converting color: (from: VideoColorSpace, to: VideoColorSpace)?) {
            self.graph = graph
            inputColor = color.map { ColorSpaceObject($0.from) }
            outputColor = color.map { ColorSpaceObject($0.to) }
        }
    }
}
