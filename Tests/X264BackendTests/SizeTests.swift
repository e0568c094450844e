import Testing
import VideoTypes

@Suite("A picture of any size and chroma")
struct SizeTests {
    static let sizes = [(2, 2), (16, 16), (18, 16), (34, 66), (2, 66), (66, 2), (130, 18)]

    @Test(
        "A picture of any size and chroma is encoded, cropped as it should be",
        arguments: sizes,
        ["ultrafast", "medium"]
    )
    func yuv420(size: (Int, Int), preset: String) throws {
        var recipe = Recipe(width: size.0, height: size.1)
        recipe.config.preset = preset
        try check(recipe)
        recipe.format = .nv12
        try check(recipe)
    }

    @Test("A picture of any size and chroma is encoded in realtime as well", arguments: sizes)
    func realtime(size: (Int, Int)) throws {
        var recipe = Recipe(width: size.0, height: size.1)
        recipe.config.latencyMode = .realtime
        try check(recipe)
    }

    @Test(
        "A picture of any size and chroma may have odd sides where chroma has every sample",
        arguments: [(1, 1), (3, 5), (33, 17), (2, 1)]
    )
    func yuv444(size: (Int, Int)) throws {
        var recipe = Recipe("avc1.F4001E", width: size.0, height: size.1)
        (recipe.config.chroma, recipe.format) = (.yuv444, .i444)
        try check(recipe)
    }

    @Test("A picture of any size and chroma may have an odd height in 4:2:2", arguments: [(2, 1), (18, 17), (34, 66)])
    func yuv422(size: (Int, Int)) throws {
        var recipe = Recipe("avc1.7A001E", width: size.0, height: size.1)
        (recipe.config.chroma, recipe.format) = (.yuv422, .i422)
        try check(recipe)
    }

    @Test(
        "A picture of any size and chroma is refused with the reason where its chroma would have half samples",
        arguments: [
            (ChromaSubsampling.yuv420, 33, 16), (.yuv420, 32, 17), (.yuv420, 1, 1), (.yuv422, 33, 16),
        ]
    )
    func odd(chroma: ChromaSubsampling, width: Int, height: Int) {
        var recipe = Recipe("avc1.F4001E", width: width, height: height)
        recipe.config.chroma = chroma
        #expect(recipe.refusal().contains("odd"), "resolve says \"\(recipe.refusal())\"")
    }

    private func check(_ recipe: Recipe) throws {
        let chunks = try recipe.encode()
        let config = try #require(chunks.first?.decoderConfig)
        #expect((config.codedWidth, config.codedHeight) == (recipe.config.codedWidth, recipe.config.codedHeight))
        let sizes = try Oracle(chunks.stream).decodedSizes()
        #expect(sizes == Array(repeating: "\(recipe.config.codedWidth)x\(recipe.config.codedHeight)", count: 12))
    }
}
