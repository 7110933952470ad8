"""平罗县数字乡村试点实施方案 (002, 篇五; a web copy whose years are masked): 22 targets."""

from layers._asked import AllOf, CountAtLeast, EachAtLeast, Milestone, ShareAtLeast
from layers._target import Document, Status, Target, masked
from layers._text import Text

_OCTOBER, _MARCH, _YEAR = masked(10, 31, "到20xx年10月底"), masked(3, 31, "到20xx年3月底"), masked(12, 31, "到20xx年底")
_NET, _LAW, _TOWNS = ("县委网信办",), ("县委政法委",), ("各乡镇",)
_VILLAGES = Text("全部行政村", "all administrative villages")
_C, _CT, _TV = ("county", "county"), ("county", "town"), ("town", "village")

DOCUMENT = Document(
    name="pingluo", title="平罗县数字乡村试点实施方案", short=Text("平罗县数字乡村方案", "Pingluo digital village plan"), issuer="平罗县", status=Status.COPY,
    source="002_81b58c43de688ce1.txt",
    targets=(
        Target(
            id="PL-00", clause="一（三）", says="政务服务事项实现80%网上办", levels=_C, counts=Text("可网上办理的政务服务事项", "matters that can be handled online"),
            of=Text("全部政务服务事项", "all matters of the catalogue"), rule=ShareAtLeast(by="counties.online", at_least=0.8), due=_YEAR, lead=_NET,
        ),
        Target(
            id="PL-02", clause="第2条", says="建成平罗县数字乡村资源共享中心", levels=_C, counts=Text("资源共享中心建成", "the centre of shared data is built"),
            rule=Milestone(by="counties.data_centre"), due=_OCTOBER, lead=_NET, along=("县农业农村局", "自然资源局", "财政局", "水务局", "商务局"),
        ),
        Target(
            id="PL-03", clause="第3条", says="完成平罗县数字乡村“一张图”建设", levels=_C, counts=Text("“一张图”建成", "the one map is built"),
            rule=Milestone(by="counties.one_map"), due=_OCTOBER, lead=_NET, along=("县农业农村局", "水务局", "发改局", "商务局"),
        ),
        Target(
            id="PL-05a", clause="第5条", says="新建5G基站300个、物联网站点50个", levels=_CT, counts=Text("年内新建5G基站数；物联网站点数", "5G base stations built in the period; IoT sites"),
            only=Text("期内新建", "new in the period"),
            rule=AllOf(parts=(CountAtLeast(by="base_stations.new_5g", at_least=300), CountAtLeast(by="base_stations.new_iot", at_least=50))),
            due=_OCTOBER, lead=_NET, along=("各电信运营商", "各乡镇"),
        ),
        Target(
            id="PL-05b", clause="第5条", says="全县乡村通光纤率和4G覆盖率均达到100%", levels=_TV, counts=Text("通光纤的村；4G覆盖的村", "villages with fibre; villages with 4G"),
            of=Text("全部村", "all villages"), only=Text("乡村", "rural"),
            rule=AllOf(parts=(ShareAtLeast(by="villages.fibre", at_least=1.0), ShareAtLeast(by="villages.mobile", at_least=1.0))),
            due=_OCTOBER, lead=_NET, along=("各电信运营商", "各乡镇"), note=Text("4G按村、按面积还是按人口未写明，按村计", "4G by village, ground or people is not said; by village is taken"),
        ),
        Target(
            id="PL-05c", clause="第5条", says="实现重点区域5G网络覆盖", levels=_C, counts=Text("5G覆盖的重点区域", "key areas under 5G"), of=Text("全部重点区域", "all key areas"),
            only=Text("重点区域清单", "list of key areas"), rule=ShareAtLeast(at_least=1.0), due=_OCTOBER, lead=_NET, along=("各电信运营商", "各乡镇"),
            needs=Text("重点区域面文件（key_areas：名称、边界）与5G基站的覆盖半径", "a file of key areas (name, boundary) and the reach of each 5G site"),
            note=Text("重点区域没有列出", "the key areas are not listed"),
        ),
        Target(
            id="PL-06a", clause="第6条", says="建设50个快递物流末端服务点", levels=_CT, counts=Text("快递物流末端服务点数", "parcel service points"),
            rule=CountAtLeast(by="services.parcel_points", at_least=50), due=_OCTOBER, lead=("县商务局",), along=("中国邮政平罗分公司", "各乡镇"),
        ),
        Target(
            id="PL-06b", clause="第6条", says="全县乡村快递网点覆盖率达到100%", levels=_TV, counts=Text("有快递网点的村", "villages with a parcel point"), of=_VILLAGES,
            only=Text("乡村", "rural"), rule=ShareAtLeast(by="services.parcels", at_least=1.0), due=_OCTOBER, lead=("县商务局",),
            along=("中国邮政平罗分公司", "各乡镇"), note=Text("覆盖以村还是以乡镇计未写明，按行政村计", "covered by village or by town is not said; by village is taken"),
        ),
        Target(
            id="PL-07", clause="第7条", says="排泄物清理机械化率达到80%以上，病死动物无害化处理、智能化监管达到70%以上", levels=("county", "village"),
            counts=Text("机械化作业量；无害化处理、智能化监管量", "operations by machine; carcasses treated harmlessly and watched"), of=Text("全部作业量；全部病死动物", "all operations; all carcasses"),
            only=Text("一个“5G智慧牧场”", "one “5G smart ranch”"), rule=AllOf(parts=(ShareAtLeast(at_least=0.8), ShareAtLeast(at_least=0.7))),
            due=_OCTOBER, lead=("县农业农村局",), along=("县发改局", "科技局", "高仁乡"),
            needs=Text("智慧牧场作业台账（farms.csv：牧场、作业量、机械化量、病死数、处理数）", "a table of the ranch's operations (done, done by machine, carcasses, treated)"),
        ),
        Target(
            id="PL-10", clause="第10条", says="应用推广智能终端400套", levels=_CT, counts=Text("农机智能终端套数", "terminals on farm machines"),
            rule=CountAtLeast(by="townships.terminals", at_least=400), due=_OCTOBER, lead=("县农业农村局",), along=("县科技局", "乡镇"),
        ),
        Target(
            id="PL-11", clause="第11条", says="安装智能水表15000个以上", levels=("county", "village"), counts=Text("智能水表个数", "smart water meters"),
            only=Text("陶乐、高仁、红崖子等乡镇", "the towns named"), rule=CountAtLeast(by="villages.meters", at_least=15000), due=_OCTOBER, lead=("县水务局",),
            along=("县农业农村局", "德渊集团", "宁夏水投平罗水务公司", "各乡镇"),
        ),
        Target(
            id="PL-12", clause="第12条", says="全县年内电商交易额实现增长10%以上", levels=_C, counts=Text("本年电商交易额", "this year's online turnover"),
            of=Text("上年电商交易额", "last year's"), rule=ShareAtLeast(by="counties.growth", at_least=1.1), due=_OCTOBER, lead=("县商务局",), along=_TOWNS,
            note=Text("增长10%即本年为上年的110%", "growth by 10 % is 110 % of the year before"),
        ),
        Target(
            id="PL-14", clause="第14条", says="全年线上流转交易金额占总流转交易金额的50%以上", levels=_C, counts=Text("线上流转交易金额", "turnover of land rights online"),
            of=Text("全部流转交易金额", "all turnover of land rights"), only=Text("全年", "in the year"), rule=ShareAtLeast(by="counties.land_online", at_least=0.5),
            due=_OCTOBER, lead=("县农改中心",), along=("人民银行平罗县支行", "各乡镇"),
        ),
        Target(
            id="PL-15a", clause="第15条", says="在全县至少15个行政村实行网格化管理", levels=("county", "village"), counts=Text("已划网格的行政村数", "villages with grids in place"),
            rule=CountAtLeast(by="grids.villages", at_least=15, units=True), due=_OCTOBER, lead=_LAW,
            along=("县委组织部", "县民政局", "公安局", "住建局", "司法局", "各乡镇"),
        ),
        Target(
            id="PL-15b", clause="第15条", says="矛盾纠纷化解率达96%以上", levels=("county", "village"), counts=Text("已化解的矛盾纠纷", "disputes resolved"),
            of=Text("登记的矛盾纠纷", "disputes registered"), only=Text("实行网格化管理的村", "villages under grids"), rule=ShareAtLeast(by="events.disputes_solved", at_least=0.96),
            due=_OCTOBER, lead=_LAW, along=("县委组织部", "县民政局", "公安局", "住建局", "司法局", "各乡镇"),
        ),
        Target(
            id="PL-16a", clause="第16条", says="实现村级便民服务点和网上服务站点全覆盖", levels=("village", "village"),
            counts=Text("两种站点都有的行政村", "villages with both kinds of counter"), of=_VILLAGES, rule=ShareAtLeast(by="services.counters", at_least=1.0),
            due=_OCTOBER, lead=("县审批服务局",), along=_TOWNS,
        ),
        Target(
            id="PL-16b", clause="第16条", says="全县48项民生类公共服务事项实现不出村办理", levels=("village", "village"),
            counts=Text("48项都能在村内办理的村", "villages where all 48 matters can be handled"), of=_VILLAGES, only=Text("48项民生类事项", "the 48 matters"),
            rule=ShareAtLeast(by="villages.matters_48", at_least=1.0), due=_OCTOBER, lead=("县审批服务局",), along=_TOWNS,
        ),
        Target(
            id="PL-17", clause="第17条", says="建立全县域疫情数据“一张图”", levels=_C, counts=Text("疫情数据“一张图”建成", "the map of epidemic data is built"),
            rule=Milestone(by="counties.epidemic_map"), due=_MARCH, lead=("县卫健局",), along=_TOWNS,
        ),
        Target(
            id="PL-18a", clause="第18条", says="各行政村主干路口高清摄像头覆盖率达到70%以上", levels=("county", "village"),
            counts=Text("被高清监控看到的主干路口达七成的村", "villages whose main intersections are seen in HD by seven in ten"), of=Text("有主干路口的行政村", "villages with main intersections"),
            only=Text("主干路口；高清", "main intersections; HD"), rule=EachAtLeast(by="intersections.seen_hd", at_least=0.7, level="village"), due=_OCTOBER,
            lead=_LAW, along=("县公安局", "各相关乡镇"), note=Text("“各”村都要达到：上级的数是达标村数，不是平均值", "each village must reach it: above, the number is the villages that pass, never a mean"),
        ),
        Target(
            id="PL-18b", clause="第18条", says="各乡镇主干道监控覆盖率达到80%以上", levels=_CT, counts=Text("主干道八成在监控可视范围内的乡镇", "towns whose main roads are in sight for eight tenths of their length"),
            of=Text("有主干道的乡镇", "towns with main roads"), only=Text("各乡镇主干道", "main roads of each town"),
            rule=EachAtLeast(by="roads.seen", at_least=0.8, level="town"), due=_OCTOBER, lead=_LAW, along=("县公安局", "各相关乡镇"),
            note=Text("按长度、路段还是路口未写明，按长度计", "by length, stretch or intersection is not said; by length is taken"),
        ),
        Target(
            id="PL-18c", clause="第18条", says="家庭用户网络摄像头安装量达3000户以上", levels=("county", "village"), counts=Text("装有网络摄像头的家庭户数", "households with a network camera"),
            only=Text("只计户数，不上点", "households are counted, never drawn"), rule=CountAtLeast(by="villages.home_cameras", at_least=3000), due=_OCTOBER,
            lead=_LAW, along=("县公安局", "各相关乡镇"),
        ),
        Target(
            id="PL-21", clause="第21条", says="在全县各行政村安装“天翼大喇叭”400套以上", levels=("county", "village"),
            counts=Text("大喇叭套数；装有大喇叭的村", "loudspeakers; villages with at least one"), of=_VILLAGES,
            rule=AllOf(parts=(CountAtLeast(by="loudspeakers.count", at_least=400), ShareAtLeast(by="loudspeakers.villages", at_least=1.0))),
            due=_OCTOBER, lead=("县文广局", "公安局"),
            along=("县委政法委", "宣传部", "县应急管理局", "卫健局", "自然资源局", "各乡镇", "电信公司"),
        ),
    ),
)
