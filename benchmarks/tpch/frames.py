"""The 22 queries with the dataframe API: a program for Dask, which Plait runs as well."""

from typing import Any

import pandas as pd


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def first(frame: Any, n: int) -> Any:
    return frame.head(n, npartitions=-1, compute=False)


def discounted(frame: Any) -> Any:
    return frame.l_extendedprice * (1 - frame.l_discount)


def q1(t: Any) -> Any:
    """Pricing summary report."""
    rows = t.lineitem[t.lineitem.l_shipdate <= day("1998-09-02")]
    rows = rows.assign(disc_price=discounted(rows))
    rows = rows.assign(charge=rows.disc_price * (1 + rows.l_tax))
    groups = rows.groupby(["l_returnflag", "l_linestatus"]).agg(
        sum_qty=("l_quantity", "sum"),
        sum_base_price=("l_extendedprice", "sum"),
        sum_disc_price=("disc_price", "sum"),
        sum_charge=("charge", "sum"),
        avg_qty=("l_quantity", "mean"),
        avg_price=("l_extendedprice", "mean"),
        avg_disc=("l_discount", "mean"),
        count_order=("l_orderkey", "count"),
    )
    return groups.reset_index().sort_values(["l_returnflag", "l_linestatus"])


def q2(t: Any) -> Any:
    """The cheapest supplier of each part in a region."""
    region = t.region[t.region.r_name == "EUROPE"]
    suppliers = t.supplier.merge(t.nation, left_on="s_nationkey", right_on="n_nationkey").merge(
        region, left_on="n_regionkey", right_on="r_regionkey"
    )
    parts = t.part[(t.part.p_size == 15) & t.part.p_type.str.endswith("BRASS")]
    offers = t.partsupp.merge(parts, left_on="ps_partkey", right_on="p_partkey").merge(
        suppliers, left_on="ps_suppkey", right_on="s_suppkey"
    )
    cheapest = offers.groupby("p_partkey").ps_supplycost.min().reset_index()
    best = offers.merge(cheapest, on=["p_partkey", "ps_supplycost"])
    columns = ["s_acctbal", "s_name", "n_name", "p_partkey", "p_mfgr", "s_address", "s_phone", "s_comment"]
    order = ["s_acctbal", "n_name", "s_name", "p_partkey"]
    return first(best[columns].sort_values(order, ascending=[False, True, True, True]), 100)


def q3(t: Any) -> Any:
    """Unshipped orders of the greatest value."""
    customers = t.customer[t.customer.c_mktsegment == "BUILDING"]
    orders = t.orders[t.orders.o_orderdate < day("1995-03-15")]
    lines = t.lineitem[t.lineitem.l_shipdate > day("1995-03-15")]
    joined = lines.merge(
        orders.merge(customers, left_on="o_custkey", right_on="c_custkey"), left_on="l_orderkey", right_on="o_orderkey"
    )
    joined = joined.assign(revenue=discounted(joined))
    groups = joined.groupby(["l_orderkey", "o_orderdate", "o_shippriority"]).revenue.sum().reset_index()
    columns = ["l_orderkey", "revenue", "o_orderdate", "o_shippriority"]
    return first(groups[columns].sort_values(["revenue", "o_orderdate"], ascending=[False, True]), 10)


def q4(t: Any) -> Any:
    """Orders of a quarter with a late line, by priority."""
    orders = t.orders[(t.orders.o_orderdate >= day("1993-07-01")) & (t.orders.o_orderdate < day("1993-10-01"))]
    late = t.lineitem[t.lineitem.l_commitdate < t.lineitem.l_receiptdate]
    with_late = orders.merge(late[["l_orderkey"]], left_on="o_orderkey", right_on="l_orderkey", how="leftsemi")
    counts = with_late.groupby("o_orderpriority").o_orderkey.count().reset_index()
    return counts.sort_values("o_orderpriority")


def q5(t: Any) -> Any:
    """Revenue of suppliers in a region from customers in their own nation."""
    region = t.region[t.region.r_name == "ASIA"]
    nations = t.nation.merge(region, left_on="n_regionkey", right_on="r_regionkey")
    suppliers = t.supplier.merge(nations, left_on="s_nationkey", right_on="n_nationkey")
    orders = t.orders[(t.orders.o_orderdate >= day("1994-01-01")) & (t.orders.o_orderdate < day("1995-01-01"))]
    orders = orders.merge(t.customer, left_on="o_custkey", right_on="c_custkey")
    joined = t.lineitem.merge(orders, left_on="l_orderkey", right_on="o_orderkey").merge(
        suppliers, left_on=["l_suppkey", "c_nationkey"], right_on=["s_suppkey", "s_nationkey"]
    )
    joined = joined.assign(revenue=discounted(joined))
    return joined.groupby("n_name").revenue.sum().reset_index().sort_values("revenue", ascending=False)


def q6(t: Any) -> Any:
    """What some discounts cost in a year."""
    lines = t.lineitem
    rows = lines[
        (lines.l_shipdate >= day("1994-01-01"))
        & (lines.l_shipdate < day("1995-01-01"))
        & (lines.l_discount >= 0.05)
        & (lines.l_discount <= 0.07)
        & (lines.l_quantity < 24)
    ]
    return (rows.l_extendedprice * rows.l_discount).sum()


def q7(t: Any) -> Any:
    """Shipping between two nations, by year."""
    pair = ["FRANCE", "GERMANY"]
    nations = t.nation[t.nation.n_name.isin(pair)][["n_nationkey", "n_name"]]
    suppliers = t.supplier.merge(nations, left_on="s_nationkey", right_on="n_nationkey").rename(
        columns={"n_name": "supp_nation"}
    )
    customers = t.customer.merge(nations, left_on="c_nationkey", right_on="n_nationkey").rename(
        columns={"n_name": "cust_nation"}
    )
    orders = t.orders.merge(customers, left_on="o_custkey", right_on="c_custkey")
    lines = t.lineitem[(t.lineitem.l_shipdate >= day("1995-01-01")) & (t.lineitem.l_shipdate <= day("1996-12-31"))]
    joined = lines.merge(orders, left_on="l_orderkey", right_on="o_orderkey").merge(
        suppliers, left_on="l_suppkey", right_on="s_suppkey"
    )
    joined = joined[joined.supp_nation != joined.cust_nation]
    joined = joined.assign(l_year=joined.l_shipdate.dt.year, volume=discounted(joined))
    keys = ["supp_nation", "cust_nation", "l_year"]
    return joined.groupby(keys).volume.sum().reset_index().sort_values(keys)


def q8(t: Any) -> Any:
    """A nation's share of a market, by year."""
    region = t.region[t.region.r_name == "AMERICA"]
    nations = t.nation.merge(region, left_on="n_regionkey", right_on="r_regionkey")[["n_nationkey"]]
    customers = t.customer.merge(nations, left_on="c_nationkey", right_on="n_nationkey")[["c_custkey"]]
    orders = t.orders[(t.orders.o_orderdate >= day("1995-01-01")) & (t.orders.o_orderdate <= day("1996-12-31"))]
    orders = orders.merge(customers, left_on="o_custkey", right_on="c_custkey")
    parts = t.part[t.part.p_type == "ECONOMY ANODIZED STEEL"]
    suppliers = t.supplier.merge(t.nation, left_on="s_nationkey", right_on="n_nationkey")
    joined = (
        t.lineitem.merge(parts, left_on="l_partkey", right_on="p_partkey")
        .merge(orders, left_on="l_orderkey", right_on="o_orderkey")
        .merge(suppliers, left_on="l_suppkey", right_on="s_suppkey")
    )
    joined = joined.assign(o_year=joined.o_orderdate.dt.year, volume=discounted(joined))
    joined = joined.assign(of_nation=joined.volume.where(joined.n_name == "BRAZIL", 0.0))
    years = joined.groupby("o_year").agg({"of_nation": "sum", "volume": "sum"}).reset_index()
    years = years.assign(mkt_share=years.of_nation / years.volume)
    return years[["o_year", "mkt_share"]].sort_values("o_year")


def q9(t: Any) -> Any:
    """Profit on a kind of part, by nation and year."""
    parts = t.part[t.part.p_name.str.contains("green", regex=False)]
    suppliers = t.supplier.merge(t.nation, left_on="s_nationkey", right_on="n_nationkey")
    joined = (
        t.lineitem.merge(parts, left_on="l_partkey", right_on="p_partkey")
        .merge(t.partsupp, left_on=["l_partkey", "l_suppkey"], right_on=["ps_partkey", "ps_suppkey"])
        .merge(suppliers, left_on="l_suppkey", right_on="s_suppkey")
        .merge(t.orders, left_on="l_orderkey", right_on="o_orderkey")
    )
    joined = joined.assign(
        o_year=joined.o_orderdate.dt.year, amount=discounted(joined) - joined.ps_supplycost * joined.l_quantity
    )
    profit = joined.groupby(["n_name", "o_year"]).amount.sum().reset_index()
    return profit.sort_values(["n_name", "o_year"], ascending=[True, False])


def q10(t: Any) -> Any:
    """Customers who returned the most."""
    orders = t.orders[(t.orders.o_orderdate >= day("1993-10-01")) & (t.orders.o_orderdate < day("1994-01-01"))]
    lines = t.lineitem[t.lineitem.l_returnflag == "R"]
    customers = t.customer.merge(t.nation, left_on="c_nationkey", right_on="n_nationkey")
    joined = lines.merge(orders, left_on="l_orderkey", right_on="o_orderkey").merge(
        customers, left_on="o_custkey", right_on="c_custkey"
    )
    joined = joined.assign(revenue=discounted(joined))
    keys = ["c_custkey", "c_name", "c_acctbal", "c_phone", "n_name", "c_address", "c_comment"]
    groups = joined.groupby(keys).revenue.sum().reset_index()
    columns = ["c_custkey", "c_name", "revenue", "c_acctbal", "n_name", "c_address", "c_phone", "c_comment"]
    return first(groups[columns].sort_values("revenue", ascending=False), 20)


def q11(t: Any) -> Any:
    """The most valuable stock of a nation."""
    nation = t.nation[t.nation.n_name == "GERMANY"]
    suppliers = t.supplier.merge(nation, left_on="s_nationkey", right_on="n_nationkey")
    stock = t.partsupp.merge(suppliers, left_on="ps_suppkey", right_on="s_suppkey")
    stock = stock.assign(value=stock.ps_supplycost * stock.ps_availqty)
    parts = stock.groupby("ps_partkey").value.sum().reset_index()
    parts = parts[parts.value > stock.value.sum() * (0.0001 / t.scale)]
    return parts.sort_values("value", ascending=False)


def q12(t: Any) -> Any:
    """Late lines of urgent and other orders, by way of shipping."""
    lines = t.lineitem
    lines = lines[
        lines.l_shipmode.isin(["MAIL", "SHIP"])
        & (lines.l_commitdate < lines.l_receiptdate)
        & (lines.l_shipdate < lines.l_commitdate)
        & (lines.l_receiptdate >= day("1994-01-01"))
        & (lines.l_receiptdate < day("1995-01-01"))
    ]
    joined = lines.merge(t.orders, left_on="l_orderkey", right_on="o_orderkey")
    is_urgent = joined.o_orderpriority.isin(["1-URGENT", "2-HIGH"])
    joined = joined.assign(high_line_count=is_urgent.astype("int64"), low_line_count=(~is_urgent).astype("int64"))
    counts = joined.groupby("l_shipmode").agg({"high_line_count": "sum", "low_line_count": "sum"})
    return counts.reset_index().sort_values("l_shipmode")


def q13(t: Any) -> Any:
    """How many customers have how many orders."""
    orders = t.orders[~t.orders.o_comment.str.contains("special.*requests")]
    joined = t.customer.merge(orders, left_on="c_custkey", right_on="o_custkey", how="left")
    counts = joined.groupby("c_custkey").o_orderkey.count().reset_index().rename(columns={"o_orderkey": "c_count"})
    customers = counts.groupby("c_count").c_custkey.count().reset_index().rename(columns={"c_custkey": "custdist"})
    return customers.sort_values(["custdist", "c_count"], ascending=[False, False])


def q14(t: Any) -> Any:
    """The share of promoted parts in a month's revenue."""
    lines = t.lineitem[(t.lineitem.l_shipdate >= day("1995-09-01")) & (t.lineitem.l_shipdate < day("1995-10-01"))]
    joined = lines.merge(t.part, left_on="l_partkey", right_on="p_partkey")
    revenue = discounted(joined)
    promoted = revenue.where(joined.p_type.str.startswith("PROMO"), 0.0)
    return 100.0 * promoted.sum() / revenue.sum()


def q15(t: Any) -> Any:
    """The supplier with the greatest revenue in a quarter."""
    lines = t.lineitem[(t.lineitem.l_shipdate >= day("1996-01-01")) & (t.lineitem.l_shipdate < day("1996-04-01"))]
    lines = lines.assign(total_revenue=discounted(lines))
    revenue = lines.groupby("l_suppkey").total_revenue.sum().reset_index()
    top = revenue[revenue.total_revenue >= revenue.total_revenue.max()]
    joined = t.supplier.merge(top, left_on="s_suppkey", right_on="l_suppkey")
    return joined[["s_suppkey", "s_name", "s_address", "s_phone", "total_revenue"]].sort_values("s_suppkey")


def q16(t: Any) -> Any:
    """How many suppliers can deliver parts of a kind."""
    part = t.part
    part = part[
        (part.p_brand != "Brand#45")
        & ~part.p_type.str.startswith("MEDIUM POLISHED")
        & part.p_size.isin([49, 14, 23, 45, 19, 3, 36, 9])
    ]
    complained = t.supplier[t.supplier.s_comment.str.contains("Customer.*Complaints")][["s_suppkey"]]
    joined = t.partsupp.merge(part, left_on="ps_partkey", right_on="p_partkey")
    joined = joined.merge(complained, left_on="ps_suppkey", right_on="s_suppkey", how="left")
    joined = joined[joined.s_suppkey.isna()]
    keys = ["p_brand", "p_type", "p_size"]
    counts = joined.groupby(keys).ps_suppkey.nunique().reset_index().rename(columns={"ps_suppkey": "supplier_cnt"})
    return counts.sort_values(["supplier_cnt", *keys], ascending=[False, True, True, True])


def q17(t: Any) -> Any:
    """What small orders of some parts bring in a year."""
    parts = t.part[(t.part.p_brand == "Brand#23") & (t.part.p_container == "MED BOX")][["p_partkey"]]
    lines = t.lineitem.merge(parts, left_on="l_partkey", right_on="p_partkey")
    average = lines.groupby("l_partkey").l_quantity.mean().reset_index().rename(columns={"l_quantity": "average"})
    joined = lines.merge(average, on="l_partkey")
    return joined[joined.l_quantity < 0.2 * joined.average].l_extendedprice.sum() / 7.0


def q18(t: Any) -> Any:
    """Customers of large orders."""
    quantities = t.lineitem.groupby("l_orderkey").l_quantity.sum().reset_index()
    large = quantities[quantities.l_quantity > 300]
    joined = t.orders.merge(large, left_on="o_orderkey", right_on="l_orderkey").merge(
        t.customer, left_on="o_custkey", right_on="c_custkey"
    )
    columns = ["c_name", "c_custkey", "o_orderkey", "o_orderdate", "o_totalprice", "l_quantity"]
    return first(joined[columns].sort_values(["o_totalprice", "o_orderdate"], ascending=[False, True]), 100)


def q19(t: Any) -> Any:
    """Revenue of parts of three brands, each in its packing and quantities."""
    lines = t.lineitem[
        t.lineitem.l_shipmode.isin(["AIR", "AIR REG"]) & (t.lineitem.l_shipinstruct == "DELIVER IN PERSON")
    ]
    joined = lines.merge(t.part, left_on="l_partkey", right_on="p_partkey")

    def of(brand: str, containers: list[str], quantity: int, size: int) -> Any:
        return (
            (joined.p_brand == brand)
            & joined.p_container.isin(containers)
            & (joined.l_quantity >= quantity)
            & (joined.l_quantity <= quantity + 10)
            & (joined.p_size >= 1)
            & (joined.p_size <= size)
        )

    wanted = joined[
        of("Brand#12", ["SM CASE", "SM BOX", "SM PACK", "SM PKG"], 1, 5)
        | of("Brand#23", ["MED BAG", "MED BOX", "MED PKG", "MED PACK"], 10, 10)
        | of("Brand#34", ["LG CASE", "LG BOX", "LG PACK", "LG PKG"], 20, 15)
    ]
    return discounted(wanted).sum()


def q20(t: Any) -> Any:
    """Suppliers of a nation with too much of some parts."""
    lines = t.lineitem[(t.lineitem.l_shipdate >= day("1994-01-01")) & (t.lineitem.l_shipdate < day("1995-01-01"))]
    shipped = lines.groupby(["l_partkey", "l_suppkey"]).l_quantity.sum().reset_index()
    parts = t.part[t.part.p_name.str.startswith("forest")][["p_partkey"]]
    stock = t.partsupp.merge(parts, left_on="ps_partkey", right_on="p_partkey", how="leftsemi").merge(
        shipped, left_on=["ps_partkey", "ps_suppkey"], right_on=["l_partkey", "l_suppkey"]
    )
    stock = stock[stock.ps_availqty > 0.5 * stock.l_quantity][["ps_suppkey"]]
    nation = t.nation[t.nation.n_name == "CANADA"]
    suppliers = t.supplier.merge(nation, left_on="s_nationkey", right_on="n_nationkey")
    suppliers = suppliers.merge(stock, left_on="s_suppkey", right_on="ps_suppkey", how="leftsemi")
    return suppliers[["s_name", "s_address"]].sort_values("s_name")


def q21(t: Any) -> Any:
    """Suppliers who alone kept an order waiting."""
    late = t.lineitem[t.lineitem.l_receiptdate > t.lineitem.l_commitdate]
    several = t.lineitem.groupby("l_orderkey").l_suppkey.nunique().reset_index()
    several = several[several.l_suppkey > 1][["l_orderkey"]]
    alone = late.groupby("l_orderkey").l_suppkey.nunique().reset_index()
    alone = alone[alone.l_suppkey == 1][["l_orderkey"]]
    suppliers = t.supplier.merge(
        t.nation[t.nation.n_name == "SAUDI ARABIA"], left_on="s_nationkey", right_on="n_nationkey"
    )
    orders = t.orders[t.orders.o_orderstatus == "F"][["o_orderkey"]]
    joined = (
        late.merge(suppliers, left_on="l_suppkey", right_on="s_suppkey")
        .merge(orders, left_on="l_orderkey", right_on="o_orderkey")
        .merge(alone, on="l_orderkey")
        .merge(several, on="l_orderkey")
    )
    counts = joined.groupby("s_name").l_orderkey.count().reset_index().rename(columns={"l_orderkey": "numwait"})
    return first(counts.sort_values(["numwait", "s_name"], ascending=[False, True]), 100)


def q22(t: Any) -> Any:
    """Customers with money who have not ordered, by country."""
    customers = t.customer.assign(cntrycode=t.customer.c_phone.str.slice(0, 2))
    customers = customers[customers.cntrycode.isin(["13", "31", "23", "29", "30", "18", "17"])]
    average = customers[customers.c_acctbal > 0.0].c_acctbal.mean()
    rich = customers[customers.c_acctbal > average]
    ordering = t.orders[["o_custkey"]].drop_duplicates()
    joined = rich.merge(ordering, left_on="c_custkey", right_on="o_custkey", how="left")
    idle = joined[joined.o_custkey.isna()]
    groups = idle.groupby("cntrycode").agg({"c_custkey": "count", "c_acctbal": "sum"})
    return groups.reset_index().sort_values("cntrycode")


QUERIES = {n: globals()[f"q{n}"] for n in range(1, 23)}
