"""The 22 queries as lazy Polars frames."""

from datetime import date
from typing import Any

import polars as pl

c = pl.col
REVENUE = c("l_extendedprice") * (1 - c("l_discount"))


def q1(t: Any) -> Any:
    groups = t.lineitem.filter(c("l_shipdate") <= date(1998, 9, 2)).group_by("l_returnflag", "l_linestatus")
    return groups.agg(
        c("l_quantity").sum().alias("sum_qty"),
        c("l_extendedprice").sum().alias("sum_base_price"),
        REVENUE.sum().alias("sum_disc_price"),
        (REVENUE * (1 + c("l_tax"))).sum().alias("sum_charge"),
        c("l_quantity").mean().alias("avg_qty"),
        c("l_extendedprice").mean().alias("avg_price"),
        c("l_discount").mean().alias("avg_disc"),
        pl.len().alias("count_order"),
    ).sort("l_returnflag", "l_linestatus")


def q2(t: Any) -> Any:
    region = t.region.filter(c("r_name") == "EUROPE")
    suppliers = t.supplier.join(t.nation, left_on="s_nationkey", right_on="n_nationkey").join(
        region, left_on="n_regionkey", right_on="r_regionkey"
    )
    parts = t.part.filter((c("p_size") == 15) & c("p_type").str.ends_with("BRASS"))
    offers = parts.join(t.partsupp, left_on="p_partkey", right_on="ps_partkey").join(
        suppliers, left_on="ps_suppkey", right_on="s_suppkey"
    )
    best = offers.filter(c("ps_supplycost") == c("ps_supplycost").min().over("p_partkey"))
    columns = ["s_acctbal", "s_name", "n_name", "p_partkey", "p_mfgr", "s_address", "s_phone", "s_comment"]
    order = ["s_acctbal", "n_name", "s_name", "p_partkey"]
    return best.select(columns).sort(order, descending=[True, False, False, False]).head(100)


def q3(t: Any) -> Any:
    customers = t.customer.filter(c("c_mktsegment") == "BUILDING")
    orders = t.orders.filter(c("o_orderdate") < date(1995, 3, 15))
    lines = t.lineitem.filter(c("l_shipdate") > date(1995, 3, 15))
    joined = customers.join(orders, left_on="c_custkey", right_on="o_custkey").join(
        lines, left_on="o_orderkey", right_on="l_orderkey"
    )
    groups = joined.group_by("o_orderkey", "o_orderdate", "o_shippriority").agg(REVENUE.sum().alias("revenue"))
    ordered = groups.sort("revenue", "o_orderdate", descending=[True, False]).head(10)
    return ordered.select("o_orderkey", "revenue", "o_orderdate", "o_shippriority")


def q4(t: Any) -> Any:
    orders = t.orders.filter(c("o_orderdate") >= date(1993, 7, 1), c("o_orderdate") < date(1993, 10, 1))
    late = t.lineitem.filter(c("l_commitdate") < c("l_receiptdate"))
    with_late = orders.join(late, left_on="o_orderkey", right_on="l_orderkey", how="semi")
    return with_late.group_by("o_orderpriority").agg(pl.len()).sort("o_orderpriority")


def q5(t: Any) -> Any:
    region = t.region.filter(c("r_name") == "ASIA")
    orders = t.orders.filter(c("o_orderdate") >= date(1994, 1, 1), c("o_orderdate") < date(1995, 1, 1))
    joined = (
        region.join(t.nation, left_on="r_regionkey", right_on="n_regionkey")
        .join(t.customer, left_on="n_nationkey", right_on="c_nationkey")
        .join(orders, left_on="c_custkey", right_on="o_custkey")
        .join(t.lineitem, left_on="o_orderkey", right_on="l_orderkey")
        .join(t.supplier, left_on=["l_suppkey", "n_nationkey"], right_on=["s_suppkey", "s_nationkey"])
    )
    return joined.group_by("n_name").agg(REVENUE.sum().alias("revenue")).sort("revenue", descending=True)


def q6(t: Any) -> Any:
    rows = t.lineitem.filter(
        c("l_shipdate") >= date(1994, 1, 1),
        c("l_shipdate") < date(1995, 1, 1),
        c("l_discount").is_between(0.05, 0.07),
        c("l_quantity") < 24,
    )
    return rows.select((c("l_extendedprice") * c("l_discount")).sum())


def q7(t: Any) -> Any:
    nations = t.nation.filter(c("n_name").is_in(["FRANCE", "GERMANY"])).select("n_nationkey", "n_name")
    suppliers = t.supplier.join(
        nations.rename({"n_name": "supp_nation"}), left_on="s_nationkey", right_on="n_nationkey"
    )
    customers = t.customer.join(
        nations.rename({"n_name": "cust_nation"}), left_on="c_nationkey", right_on="n_nationkey"
    )
    lines = t.lineitem.filter(c("l_shipdate").is_between(date(1995, 1, 1), date(1996, 12, 31)))
    joined = (
        customers.join(t.orders, left_on="c_custkey", right_on="o_custkey")
        .join(lines, left_on="o_orderkey", right_on="l_orderkey")
        .join(suppliers, left_on="l_suppkey", right_on="s_suppkey")
        .filter(c("supp_nation") != c("cust_nation"))
    )
    keys = ["supp_nation", "cust_nation", "l_year"]
    return joined.with_columns(l_year=c("l_shipdate").dt.year()).group_by(keys).agg(REVENUE.sum()).sort(keys)


def q8(t: Any) -> Any:
    region = t.region.filter(c("r_name") == "AMERICA")
    nations = t.nation.join(region, left_on="n_regionkey", right_on="r_regionkey").select("n_nationkey")
    parts = t.part.filter(c("p_type") == "ECONOMY ANODIZED STEEL")
    orders = t.orders.filter(c("o_orderdate").is_between(date(1995, 1, 1), date(1996, 12, 31)))
    suppliers = t.supplier.join(t.nation, left_on="s_nationkey", right_on="n_nationkey")
    joined = (
        parts.join(t.lineitem, left_on="p_partkey", right_on="l_partkey")
        .join(orders, left_on="l_orderkey", right_on="o_orderkey")
        .join(t.customer, left_on="o_custkey", right_on="c_custkey")
        .join(nations, left_on="c_nationkey", right_on="n_nationkey")
        .join(suppliers, left_on="l_suppkey", right_on="s_suppkey")
        .with_columns(o_year=c("o_orderdate").dt.year(), volume=REVENUE)
    )
    of_nation = pl.when(c("n_name") == "BRAZIL").then(c("volume")).otherwise(0.0)
    return joined.group_by("o_year").agg(of_nation.sum() / c("volume").sum()).sort("o_year")


def q9(t: Any) -> Any:
    parts = t.part.filter(c("p_name").str.contains("green", literal=True))
    suppliers = t.supplier.join(t.nation, left_on="s_nationkey", right_on="n_nationkey")
    joined = (
        parts.join(t.partsupp, left_on="p_partkey", right_on="ps_partkey")
        .join(suppliers, left_on="ps_suppkey", right_on="s_suppkey")
        .join(t.lineitem, left_on=["p_partkey", "ps_suppkey"], right_on=["l_partkey", "l_suppkey"])
        .join(t.orders, left_on="l_orderkey", right_on="o_orderkey")
        .with_columns(o_year=c("o_orderdate").dt.year(), amount=REVENUE - c("ps_supplycost") * c("l_quantity"))
    )
    groups = joined.group_by("n_name", "o_year").agg(c("amount").sum())
    return groups.sort("n_name", "o_year", descending=[False, True])


def q10(t: Any) -> Any:
    orders = t.orders.filter(c("o_orderdate") >= date(1993, 10, 1), c("o_orderdate") < date(1994, 1, 1))
    lines = t.lineitem.filter(c("l_returnflag") == "R")
    joined = (
        t.customer.join(orders, left_on="c_custkey", right_on="o_custkey")
        .join(lines, left_on="o_orderkey", right_on="l_orderkey")
        .join(t.nation, left_on="c_nationkey", right_on="n_nationkey")
    )
    keys = ["c_custkey", "c_name", "c_acctbal", "c_phone", "n_name", "c_address", "c_comment"]
    groups = joined.group_by(keys).agg(REVENUE.sum().alias("revenue")).sort("revenue", descending=True).head(20)
    return groups.select("c_custkey", "c_name", "revenue", "c_acctbal", "n_name", "c_address", "c_phone", "c_comment")


def q11(t: Any) -> Any:
    nation = t.nation.filter(c("n_name") == "GERMANY")
    stock = t.partsupp.join(t.supplier, left_on="ps_suppkey", right_on="s_suppkey").join(
        nation, left_on="s_nationkey", right_on="n_nationkey"
    )
    value = (c("ps_supplycost") * c("ps_availqty")).sum().alias("value")
    least = stock.select(value * (0.0001 / t.scale)).rename({"value": "least"})
    parts = stock.group_by("ps_partkey").agg(value).join(least, how="cross").filter(c("value") > c("least"))
    return parts.select("ps_partkey", "value").sort("value", descending=True)


def q12(t: Any) -> Any:
    lines = t.lineitem.filter(
        c("l_shipmode").is_in(["MAIL", "SHIP"]),
        c("l_commitdate") < c("l_receiptdate"),
        c("l_shipdate") < c("l_commitdate"),
        c("l_receiptdate") >= date(1994, 1, 1),
        c("l_receiptdate") < date(1995, 1, 1),
    )
    joined = t.orders.join(lines, left_on="o_orderkey", right_on="l_orderkey")
    is_urgent = c("o_orderpriority").is_in(["1-URGENT", "2-HIGH"])
    counts = joined.group_by("l_shipmode").agg(
        is_urgent.sum().cast(pl.Int64).alias("high"), (~is_urgent).sum().cast(pl.Int64).alias("low")
    )
    return counts.sort("l_shipmode")


def q13(t: Any) -> Any:
    orders = t.orders.filter(~c("o_comment").str.contains("special.*requests"))
    joined = t.customer.join(orders, left_on="c_custkey", right_on="o_custkey", how="left")
    counts = joined.group_by("c_custkey").agg(c("o_orderkey").count().alias("c_count"))
    customers = counts.group_by("c_count").agg(pl.len().alias("custdist"))
    return customers.sort("custdist", "c_count", descending=True)


def q14(t: Any) -> Any:
    lines = t.lineitem.filter(c("l_shipdate") >= date(1995, 9, 1), c("l_shipdate") < date(1995, 10, 1))
    joined = lines.join(t.part, left_on="l_partkey", right_on="p_partkey")
    promoted = pl.when(c("p_type").str.starts_with("PROMO")).then(REVENUE).otherwise(0.0)
    return joined.select(100.0 * promoted.sum() / REVENUE.sum())


def q15(t: Any) -> Any:
    lines = t.lineitem.filter(c("l_shipdate") >= date(1996, 1, 1), c("l_shipdate") < date(1996, 4, 1))
    revenue = lines.group_by("l_suppkey").agg(REVENUE.sum().alias("total_revenue"))
    top = revenue.filter(c("total_revenue") == c("total_revenue").max())
    joined = t.supplier.join(top, left_on="s_suppkey", right_on="l_suppkey")
    return joined.select("s_suppkey", "s_name", "s_address", "s_phone", "total_revenue").sort("s_suppkey")


def q16(t: Any) -> Any:
    parts = t.part.filter(
        c("p_brand") != "Brand#45",
        ~c("p_type").str.starts_with("MEDIUM POLISHED"),
        c("p_size").is_in([49, 14, 23, 45, 19, 3, 36, 9]),
    )
    complained = t.supplier.filter(c("s_comment").str.contains("Customer.*Complaints"))
    joined = parts.join(t.partsupp, left_on="p_partkey", right_on="ps_partkey").join(
        complained, left_on="ps_suppkey", right_on="s_suppkey", how="anti"
    )
    keys = ["p_brand", "p_type", "p_size"]
    counts = joined.group_by(keys).agg(c("ps_suppkey").n_unique().alias("supplier_cnt"))
    return counts.sort("supplier_cnt", *keys, descending=[True, False, False, False])


def q17(t: Any) -> Any:
    parts = t.part.filter(c("p_brand") == "Brand#23", c("p_container") == "MED BOX")
    lines = parts.join(t.lineitem, left_on="p_partkey", right_on="l_partkey")
    small = lines.filter(c("l_quantity") < 0.2 * c("l_quantity").mean().over("p_partkey"))
    return small.select(c("l_extendedprice").sum() / 7.0)


def q18(t: Any) -> Any:
    quantities = t.lineitem.group_by("l_orderkey").agg(c("l_quantity").sum()).filter(c("l_quantity") > 300)
    joined = t.orders.join(quantities, left_on="o_orderkey", right_on="l_orderkey").join(
        t.customer, left_on="o_custkey", right_on="c_custkey"
    )
    columns = ["c_name", "o_custkey", "o_orderkey", "o_orderdate", "o_totalprice", "l_quantity"]
    return joined.select(columns).sort("o_totalprice", "o_orderdate", descending=[True, False]).head(100)


def q19(t: Any) -> Any:
    lines = t.lineitem.filter(
        c("l_shipmode").is_in(["AIR", "AIR REG"]), c("l_shipinstruct") == "DELIVER IN PERSON"
    )
    joined = t.part.join(lines, left_on="p_partkey", right_on="l_partkey")

    def of(brand: str, containers: list[str], quantity: int, size: int) -> Any:
        return (
            (c("p_brand") == brand)
            & c("p_container").is_in(containers)
            & c("l_quantity").is_between(quantity, quantity + 10)
            & c("p_size").is_between(1, size)
        )

    wanted = joined.filter(
        of("Brand#12", ["SM CASE", "SM BOX", "SM PACK", "SM PKG"], 1, 5)
        | of("Brand#23", ["MED BAG", "MED BOX", "MED PKG", "MED PACK"], 10, 10)
        | of("Brand#34", ["LG CASE", "LG BOX", "LG PACK", "LG PKG"], 20, 15)
    )
    return wanted.select(REVENUE.sum())


def q20(t: Any) -> Any:
    lines = t.lineitem.filter(c("l_shipdate") >= date(1994, 1, 1), c("l_shipdate") < date(1995, 1, 1))
    shipped = lines.group_by("l_partkey", "l_suppkey").agg(c("l_quantity").sum())
    parts = t.part.filter(c("p_name").str.starts_with("forest"))
    stock = (
        t.partsupp.join(parts, left_on="ps_partkey", right_on="p_partkey", how="semi")
        .join(shipped, left_on=["ps_partkey", "ps_suppkey"], right_on=["l_partkey", "l_suppkey"])
        .filter(c("ps_availqty") > 0.5 * c("l_quantity"))
    )
    nation = t.nation.filter(c("n_name") == "CANADA")
    suppliers = t.supplier.join(nation, left_on="s_nationkey", right_on="n_nationkey")
    suppliers = suppliers.join(stock, left_on="s_suppkey", right_on="ps_suppkey", how="semi")
    return suppliers.select("s_name", "s_address").sort("s_name")


def q21(t: Any) -> Any:
    late = t.lineitem.filter(c("l_receiptdate") > c("l_commitdate"))
    several = t.lineitem.group_by("l_orderkey").agg(c("l_suppkey").n_unique().alias("n")).filter(c("n") > 1)
    alone = late.group_by("l_orderkey").agg(c("l_suppkey").n_unique().alias("n")).filter(c("n") == 1)
    suppliers = t.supplier.join(
        t.nation.filter(c("n_name") == "SAUDI ARABIA"), left_on="s_nationkey", right_on="n_nationkey"
    )
    orders = t.orders.filter(c("o_orderstatus") == "F")
    joined = (
        late.join(suppliers, left_on="l_suppkey", right_on="s_suppkey")
        .join(orders, left_on="l_orderkey", right_on="o_orderkey")
        .join(alone, on="l_orderkey", how="semi")
        .join(several, on="l_orderkey", how="semi")
    )
    counts = joined.group_by("s_name").agg(pl.len().alias("numwait"))
    return counts.sort("numwait", "s_name", descending=[True, False]).head(100)


def q22(t: Any) -> Any:
    customers = t.customer.with_columns(cntrycode=c("c_phone").str.slice(0, 2))
    customers = customers.filter(c("cntrycode").is_in(["13", "31", "23", "29", "30", "18", "17"]))
    average = customers.filter(c("c_acctbal") > 0.0).select(c("c_acctbal").mean().alias("average"))
    rich = customers.join(average, how="cross").filter(c("c_acctbal") > c("average"))
    idle = rich.join(t.orders, left_on="c_custkey", right_on="o_custkey", how="anti")
    groups = idle.group_by("cntrycode").agg(pl.len().alias("n"), c("c_acctbal").sum())
    return groups.sort("cntrycode")


QUERIES = {n: globals()[f"q{n}"] for n in range(1, 23)}
