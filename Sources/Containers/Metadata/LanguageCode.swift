/// A language, as containers store it: a code of ISO 639-2.
public struct LanguageCode: Hashable, Sendable {
    /// The code of three letters for terminology, such as `deu`; `und` where the language is not determined.
    public let code: String

    /// Reads a code of three letters of either kind, `deu` or `ger`, or one of two letters as in BCP 47, `de`; `nil` if it is none.
    public init?(_ text: String) {
        let name = text.lowercased()
        guard let code = LanguageTable.codes[name] ?? (Self.isPrivate(name) ? name : nil) else { return nil }
        self.code = code
    }

    /// Codes for private use.
    private static func isPrivate(_ name: String) -> Bool {
        name.utf8.count == 3 && name.utf8.allSatisfy { (97...122).contains($0) } && ("qaa"..."qtz").contains(name)
    }

    /// The code for bibliographies, such as `ger`, where it is another one.
    package var bibliographic: String { LanguageTable.bibliographic[code] ?? code }

    /// The language is not determined, as it is where nothing is stored.
    package var isUndetermined: Bool { code == "und" }
}

/// The codes of ISO 639-2:1998: that for bibliographies, `>` that for terminology where it differs, and `=` that of ISO 639-1.
private enum LanguageTable {
    static let text = """
        aar=aa abk=ab ace ach ada ady afa afh afr=af ain aka=ak akk alb>sqi=sq ale alg alt amh=am ang anp apa ara=ar arc \
        arg=an arm>hye=hy arn arp art arw asm=as ast ath aus ava=av ave=ae awa aym=ay aze=az bad bai bak=ba bal bam=bm ban \
        baq>eus=eu bas bat bej bel=be bem ben=bn ber bho bih=bh bik bin bis=bi bla bnt bos=bs bra bre=br btk bua bug bul=bg \
        bur>mya=my byn cad cai car cat=ca cau ceb cel cha=ch chb che=ce chg chi>zho=zh chk chm chn cho chp chr chu=cu chv=cv \
        chy cmc cnr cop cor=kw cos=co cpe cpf cpp cre=cr crh crp csb cus cze>ces=cs dak dan=da dar day del den dgr din div=dv \
        doi dra dsb dua dum dut>nld=nl dyu dzo=dz efi egy eka elx eng=en enm epo=eo est=et ewe=ee ewo fan fao=fo fat fij=fj \
        fil fin=fi fiu fon fre>fra=fr frm fro frr frs fry=fy ful=ff fur gaa gay gba gem geo>kat=ka ger>deu=de gez gil gla=gd \
        gle=ga glg=gl glv=gv gmh goh gon gor got grb grc gre>ell=el grn=gn gsw guj=gu gwi hai hat=ht hau=ha haw heb=he her=hz \
        hil him hin=hi hit hmn hmo=ho hrv=hr hsb hun=hu hup iba ibo=ig ice>isl=is ido=io iii=ii ijo iku=iu ile=ie ilo ina=ia \
        inc ind=id ine inh ipk=ik ira iro ita=it jav=jv jbo jpn=ja jpr jrb kaa kab kac kal=kl kam kan=kn kar kas=ks kau=kr kaw \
        kaz=kk kbd kha khi khm=km kho kik=ki kin=rw kir=ky kmb kok kom=kv kon=kg kor=ko kos kpe krc krl kro kru kua=kj kum \
        kur=ku kut lad lah lam lao=lo lat=la lav=lv lez lim=li lin=ln lit=lt lol loz ltz=lb lua lub=lu lug=lg lui lun luo lus \
        mac>mkd=mk mad mag mah=mh mai mak mal=ml man mao>mri=mi map mar=mr mas may>msa=ms mdf mdr men mga mic min mis mkh \
        mlg=mg mlt=mt mnc mni mno moh mon=mn mos mul mun mus mwl mwr myn myv nah nai nap nau=na nav=nv nbl=nr nde=nd ndo=ng \
        nds nep=ne new nia nic niu nno=nn nob=nb nog non nor=no nqo nso nub nwc nya=ny nym nyn nyo nzi oci=oc oji=oj ori=or \
        orm=om osa oss=os ota oto paa pag pal pam pan=pa pap pau peo per>fas=fa phi phn pli=pi pol=pl pon por=pt pra pro \
        pus=ps que=qu raj rap rar roa roh=rm rom rum>ron=ro run=rn rup rus=ru sad sag=sg sah sai sal sam san=sa sas sat scn \
        sco sel sem sga sgn shn sid sin=si sio sit sla slo>slk=sk slv=sl sma sme=se smi smj smn smo=sm sms sna=sn snd=sd snk \
        sog som=so son sot=st spa=es srd=sc srn srp=sr srr ssa ssw=ss suk sun=su sus sux swa=sw swe=sv syc syr tah=ty tai \
        tam=ta tat=tt tel=te tem ter tet tgk=tg tgl=tl tha=th tib>bod=bo tig tir=ti tiv tkl tlh tli tmh tog ton=to tpi tsi \
        tsn=tn tso=ts tuk=tk tum tup tur=tr tut tvl twi=tw tyv udm uga uig=ug ukr=uk umb und urd=ur uzb=uz vai ven=ve vie=vi \
        vol=vo vot wak wal war was wel>cym=cy wen wln=wa wol=wo xal xho=xh yao yap yid=yi yor=yo ypk zap zbl zen zgh zha=za \
        znd zul=zu zun zxx zza
        """

    private static let rows = text.split(separator: " ").map { word in
        let parts = word.split(separator: "=")
        let codes = parts[0].split(separator: ">").map(String.init)
        return (codes: codes, short: parts.count > 1 ? String(parts[1]) : nil)
    }

    /// The code for terminology, by every code.
    static let codes: [String: String] = rows.reduce(into: [:]) { table, row in
        guard let code = row.codes.last else { return }
        for name in row.codes + [row.short].compactMap(\.self) { table[name] = code }
    }

    /// The code for bibliographies, where it differs.
    static let bibliographic: [String: String] = rows.reduce(into: [:]) { table, row in
        if row.codes.count == 2 { table[row.codes[1]] = row.codes[0] }
    }
}
